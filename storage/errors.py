"""Errors a person may meet. Each message is a sentence: what happened, what is safe, what next."""

from __future__ import annotations


class FieldkitError(Exception):
    """Base of every refusal with a reason; ``str(error)`` is shown to the person as it stands."""
