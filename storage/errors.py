"""Is the base of errors a person may meet: what happened, what is safe, what next."""

from __future__ import annotations


class FieldkitError(Exception):
    """Is the base of every refusal with a reason; ``str(error)`` is shown as it stands."""
