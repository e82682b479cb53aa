"""Is the base of errors a person may meet: what happened, what is safe, what next."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import ClassVar


class FieldkitError(Exception):
    """Is the base of every refusal with a reason; ``str(error)`` is shown as it stands.

    Attributes:
        code: names the kind of refusal for scripts: ``refused``, ``wrong_passphrase``,
            ``no_vault``, ``in_use`` or ``damaged``. A class says it where it is not the first.
    """

    code: ClassVar[str] = "refused"

    field = ""
    """The name of the field whose value was refused; empty where it is not one field."""


class ReasonNeededError(FieldkitError):
    """Something was to be changed without a reason after the team had left the site."""

    def __init__(self, force: str) -> None:
        super().__init__(
            f"The team has left the site of {force}, so what is changed there now is recorded with "
            "a reason. Nothing was changed. Say why, and do it again (by command with --reason)."
        )


def error_place(error: BaseException) -> str:
    """Say what an error is called and where it happened, for whoever mends it.

    Its own words are left out: they hold values, which may be evidence.
    """
    trace = traceback.extract_tb(error.__traceback__)
    place = f"{Path(trace[-1].filename).name}:{trace[-1].lineno} in {trace[-1].name}"
    return f"{type(error).__name__} at {place}"
