"""``fieldkit central``: the organisation's root key, its roster, and the receiver of bundles."""

from __future__ import annotations

from pathlib import Path

from fieldkit.cli.kit.command_parser import CommandParser

_COMMANDS = {
    "root": ("root", "the organisation's root key"),
    "init": ("store", "make central's keys and store"),
    "upgrade": (
        "store",
        "make the tables in a database for keys made before, or bring them up to date",
    ),
    "enrol": ("laptops", "put a laptop on the next roster, once its fingerprint is compared"),
    "revoke": ("laptops", "accept nothing more from a laptop"),
    "plan": ("plan", "put an inspection of the team on the next roster, with its id"),
    "roster": ("roster", "print the signed roster, or write it for laptops"),
    "ingest": ("ingest", "take in bundles: files, or folders of them"),
    "receipt": ("receipt", "make receipts for the laptops on the roster"),
    "export": (
        "export",
        "write an inspection for a newly enrolled laptop: a replacement, or a review's",
    ),
    "report": ("report", "what central holds, and each inspection's tables and open conflicts"),
    "identity": ("keys", "print central's secret age identity, for the age program"),
    "rotate": ("keys", "make central a new key for the next roster, or destroy keys long replaced"),
}
"""The module that completes each command, and the command's help."""


def define_central(parser: CommandParser) -> None:
    """Say what “central” takes."""
    parser.description = (
        "Central's own store, opened with its own passphrase (--passphrase-file, or the terminal). "
        "The records are kept in its folder or, with a URL, in PostgreSQL; the keys are always "
        "kept in a folder."
    )
    parser.add_argument(
        "--store",
        metavar="URL|DIR",
        help="central's folder, or the database, postgresql://ROLE@HOST/DATABASE (write the "
        "password into the file that PGPASSFILE names)",
    )
    parser.add_argument(
        "--keys",
        type=Path,
        metavar="DIR",
        help="beside a database: the folder with central's keys (default: the usual folder)",
    )
    parser.add_argument(
        "--root",
        type=Path,
        metavar="DIR",
        help="the root key's folder (default: “root” in central's folder, or beside it where that "
        "is the usual one)",
    )
    parser.add_argument(
        "--root-passphrase-file",
        metavar="F",
        help="a file with the root key's passphrase, where that is another",
    )
    for name, (module, help) in _COMMANDS.items():
        parser.later(name, f"fieldkit.cli.central.{module}", help)
