"""How a new passphrase is asked for, and what is not taken as one."""

from __future__ import annotations

from fieldkit.cli.kit.terminal import Terminal
from storage.crypto.passphrase import generate, refuse_short, weakness_of


def accept_new(passphrase: str, terminal: Terminal, lead: str = "") -> str:
    """Return a new passphrase that is not too short; of an easy one ``lead`` and the advice warn.

    Raises:
        ShortPassphraseError: it has fewer than 12 characters.
    """
    refuse_short(passphrase)
    if advice := weakness_of(passphrase):
        terminal.say(f"{lead}{advice}")
    return passphrase


def new_passphrase(terminal: Terminal, source: str | None) -> str:
    """Return a new passphrase: from a file, where an easy one is only warned of, or typed twice.

    One of fewer than 12 characters is refused either way. The words offered do not stay on a
    terminal.
    """
    if source is not None:
        return accept_new(terminal.secret_line(source), terminal, "Taken as it is, but: ")
    with terminal.apart():
        terminal.say(
            "A passphrase protects everything you note; nobody can recover it for you. Four words "
            f"drawn by chance, which you may take:\n\n    {generate()}\n"
        )
        while True:
            typed = terminal.ask_secret("The passphrase")
            if advice := weakness_of(typed):
                terminal.say(advice)
            elif terminal.ask_secret("The passphrase, once more") != typed:
                terminal.say("The two were not the same. Try again.")
            else:
                return typed
