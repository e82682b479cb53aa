"""Why a case is referred back: several reasons of a list, marked by digits."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, ClassVar

from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from fieldkit.methodology import Term
from screens.kit.dialogs import Dialog
from screens.kit.text import plain

KEYS = "a digit or space  mark     enter  go on     esc  cancel"


class Reasons(Dialog[list[str] | None]):
    """Asks for several of a list: a digit or space marks one, enter takes those marked.

    Args:
        reference: of the case.
        terms: the reasons there are.
        marked: the keys of those marked the last time.
    """

    DEFAULT_CSS = "Reasons OptionList { height: auto; max-height: 16; border: none; }"
    BINDINGS: ClassVar[list[Any]] = [
        Binding("enter,ctrl+s", "take", priority=True),
        Binding("space", "mark", priority=True),
        *(Binding(str(digit), f"digit({digit})") for digit in range(10)),
    ]

    def __init__(
        self, reference: str, terms: tuple[Term, ...], marked: Collection[str] = ()
    ) -> None:
        super().__init__(f"{reference}: why is it referred back?", KEYS)
        self._terms = terms
        self._marked = {one.key for one in terms if one.key in marked}

    @property
    def marked(self) -> list[str]:
        """Return the keys of the reasons marked, in their order; also after it was left."""
        return [one.key for one in self._terms if one.key in self._marked]

    def body(self) -> Iterable[Widget]:
        """Yield the reasons."""
        yield OptionList(*self._options(), id="reasons", markup=False)

    def on_mount(self) -> None:
        """Start at the first."""
        listed = self.query_one(OptionList)
        listed.highlighted = 0
        listed.focus()

    def _options(self) -> list[Option]:
        options = []
        for number, term in enumerate(self._terms, 1):
            box = "[x]" if term.key in self._marked else "[ ]"
            first, *more = plain(term.label).wrap(58)
            rows = [Content.assemble(f"{number % 10} {box} ", first)]
            rows += [Content.assemble(" " * 6, each) for each in more]
            options.append(Option(Content("\n").join(rows)))
        return options

    def _turn(self, number: int) -> None:
        if number < len(self._terms):
            self._marked ^= {self._terms[number].key}
            listed = self.query_one(OptionList)
            for at, term in enumerate(self._options()):
                listed.replace_option_prompt_at_index(at, term.prompt)
            listed.highlighted = number
            self.set_text("#keys", KEYS)

    def action_digit(self, digit: int) -> None:
        """Mark the reason of that number; 0 is the tenth."""
        self._turn((digit or 10) - 1)

    def action_mark(self) -> None:
        """Mark the reason the cursor is on."""
        self._turn(self.query_one(OptionList).highlighted or 0)

    def action_take(self) -> None:
        """Close with the reasons."""
        if self._marked:
            self.dismiss(self.marked)
        else:
            need = "Mark at least one reason with its digit or space, or press esc."
            self.set_text("#keys", need)
