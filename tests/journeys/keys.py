"""Lists of keys: one file that a Pilot test and a real terminal both follow.

Each line is a comment (``#``), ``press`` with keys by Textual's names, ``type`` with a text, or
``see`` with words that must stand on the screen before the next line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TMUX = {
    "enter": "Enter",
    "escape": "Escape",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "tab": "Tab",
    "space": "Space",
    "home": "Home",
    "end": "End",
    "delete": "DC",
    "backspace": "BSpace",
    "slash": "/",
    "plus": "+",
    "minus": "-",
    "right_square_bracket": "]",
    "left_square_bracket": "[",
}
"""What tmux calls the keys that Textual names otherwise."""


@dataclass(frozen=True)
class Step:
    """One line of a list of keys: what to do, and with what."""

    does: str
    text: str

    @property
    def keys(self) -> list[str]:
        """The keys pressed, by Textual's names."""
        return self.text.split() if self.does == "press" else []

    @property
    def terminal_keys(self) -> list[str]:
        """The same by tmux's names."""
        return [
            TMUX.get(one, one.replace("ctrl+", "C-") if "+" in one[1:] else one.upper()
            if one[0] == "f" and one[1:].isdigit() else one)
            for one in self.keys
        ]  # fmt: skip


def read(path: Path, **words: str) -> list[Step]:
    """The steps of a list of keys; ``{name}`` stands for a word given here."""
    steps = []
    for number, raw in enumerate(path.read_text("utf-8").splitlines(), 1):
        stripped = raw.strip()
        if not stripped or stripped.startswith("#"):
            continue
        does, _, text = stripped.partition(" ")
        if does not in ("press", "type", "see"):
            raise ValueError(f"{path.name}:{number}: “{does}” is not a step")
        steps.append(Step(does, text.format(**words)))
    return steps


def pressed(steps: Sequence[Step], after: str) -> int:
    """How many keys are pressed beside the words, from where a text is first seen to the end."""
    start = next(number for number, one in enumerate(steps) if one.text == after)
    return sum(len(one.keys) for one in steps[start:])
