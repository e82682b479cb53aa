"""Central: the reference receiver of bundles, and the organisation's roster.

Its keys rest behind ``vault.keys`` slots, as a laptop's do. By default its store is the encrypted
database of the same vault; everything that writes goes through
:class:`~storage.central.store.OpStore`, so that another database can hold the same
records.
"""

from storage.central.central import Central
from storage.central.intake.ingest import Ingested, IngestSummary
from storage.central.roster.root import Root

__all__ = ["Central", "IngestSummary", "Ingested", "Root"]
