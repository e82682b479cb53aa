"""The version of the program, and how it ends: one table of codes, for scripts and people.

A refusal carries a name in its class (``code`` of :class:`storage.errors.FieldkitError`); only this
table says which number the program ends with then. ``docs/cli.md`` is made from it.
"""

from __future__ import annotations

from fieldkit import __version__

VERSION = f"fieldkit {__version__}"
DONE, REFUSED, MISUSED, WRONG_PASSPHRASE, NO_VAULT, IN_USE, DAMAGED = range(7)

EXITS = {
    DONE: "done",
    REFUSED: "refused, with the reason; nothing was changed unless it says so",
    MISUSED: "misuse: the command, or what stands after it, was not understood",
    WRONG_PASSPHRASE: "wrong passphrase, recovery code or recovery key",
    NO_VAULT: "there is no vault, no central or no root key in the folder",
    IN_USE: "another fieldkit has the vault or central's store open",
    DAMAGED: "the vault, central's store or one of their files is damaged or in parts",
}
"""What each code says of how the program ended."""

EXIT_OF = {
    "refused": REFUSED,
    "interrupted": REFUSED,
    "system": REFUSED,
    "unexpected": REFUSED,
    "misuse": MISUSED,
    "wrong_passphrase": WRONG_PASSPHRASE,
    "no_vault": NO_VAULT,
    "in_use": IN_USE,
    "damaged": DAMAGED,
    "unfinished": REFUSED,
}
"""The code that each name of a refusal ends with; ``--json`` prints the name (``docs/json.md``)."""


class Misused(SystemExit):
    """The command was not understood; that has been said on stderr.

    Attributes:
        reason: what was not understood, and that nothing was done.
        next: what to type.
    """

    def __init__(self, reason: str, next: str) -> None:
        super().__init__(MISUSED)
        self.reason = reason
        self.next = next


def exit_code(error: BaseException) -> int:
    """Return the code that an error ends the program with; the one place that decides it.

    ``SystemExit`` of others than our parser keeps a number that is in the table; a text, which
    Python prints, is a refusal and never a misuse.
    """
    if isinstance(error, SystemExit):
        code = DONE if error.code is None else error.code
        return code if isinstance(code, int) and code in EXITS else REFUSED
    return EXIT_OF.get(getattr(error, "code", "refused"), REFUSED)
