"""A point walked back to its evidence, as text; and choosing evidence for a point."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, ClassVar

from textual import work
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from fieldkit.evidence.choices import EvidenceChoice, evidence_choices
from fieldkit.evidence.trace import Trace, TracedSupport
from fieldkit.evidence.triangulation import basis_words
from fieldkit.wording.dates import moment_words
from fieldkit.wording.format import line, set_in
from fieldkit.wording.labels import person_name
from screens.evidence import marks
from screens.kit.dialogs import Choice, Dialog
from screens.kit.drawing.panel_list import Late
from screens.kit.text import indented, plain

RELATIONS = (
    Choice("supports", "supports", "it supports the point"),
    Choice("contradicts", "contradicts", "it goes against the point"),
    Choice("context", "context", "it helps to understand the point"),
)


def trace_content(trace: Trace, names: Mapping[str, str], width: int) -> Content:
    """Return what a point rests on, by method and then by source group, in lines of that width."""
    facts = " · ".join(filter(None, (trace.sort, trace.criterion, trace.state)))
    parts = [plain(facts, "bold"), plain(set_in(trace.wording)), Content("")]
    parts.append(plain(basis_words(trace.meter.words, trace.basis)))
    if trace.stale:
        parts.append(plain(f"{trace.stale} changed since linked; look again before relying on it."))
    if not trace.links:
        parts.append(plain("Press esc, then s, to choose a piece of evidence."))
    number = 0
    for method in trace.methods:
        for source in method.sources:
            parts += [Content(""), plain(f"{method.method.capitalize()}: {source.label}", "bold")]
            for link in source.links:
                number += 1
                parts += _link(number, link, names, width)
    return Content("\n").join(parts)


def _link(number: int, link: TracedSupport, names: Mapping[str, str], width: int) -> list[Content]:
    bears, now = link.support, link.evidence
    label = now.label if now is not None else f"a {bears.evidence_kind}, deleted since"
    parts = _indented(f"{number}. {bears.relation}: {label}", 0, width)
    parts += _indented(set_in(link.text), 3, width)
    person, when = (
        person_name(names, link.who),
        moment_words(link.when) if link.when else "not known",
    )
    linked = f", linked {moment_words(link.linked_at)}" if link.linked_at else ""
    parts += _indented(f"{person}, {when}{linked}", 3, width, "dim")
    if bears.why:
        parts += _indented(set_in(f"Weighed: {bears.why}"), 3, width)
    if link.changed and now is not None:
        parts += _indented("CHANGED since linked. It now says:", 3, width, "bold")
        parts += _indented(set_in(now.text), 3, width)
    return parts


def _indented(text: str, indent: int, width: int, style: str = "") -> list[Content]:
    rows = [row for row in text.split("\n") if row.strip()]
    return indented(rows, width, by=indent, style=style)


def link_choice(link: TracedSupport) -> Choice:
    """Return a link as one of a list to choose from."""
    label = link.evidence.label if link.evidence is not None else "deleted since"
    return Choice(link.support.id, f"{link.support.relation}: {label}", line(link.text, 120))


KEYS = "enter  choose     arrows  move     esc  cancel"


class PickEvidence(Dialog[EvidenceChoice | None]):
    """Asks for one piece of evidence; typing words looks through everything noted and judged.

    Args:
        point: the number of the point it is for.
        inspection: of which inspection.
        title: what is asked, where that is not what the point rests on.
    """

    DEFAULT_CSS = """
    PickEvidence OptionList { height: auto; max-height: 16; border: none; }
    PickEvidence #box { width: 96%; }
    """
    BINDINGS: ClassVar[list[Any]] = [
        Binding("down", "move(1)", priority=True),
        Binding("up", "move(-1)", priority=True),
    ]

    def __init__(self, point: int, inspection: str, title: str = "") -> None:
        super().__init__(title or f"What does point {point} rest on?", KEYS)
        self._inspection = inspection
        self._choices: list[EvidenceChoice] = []
        self._found_for: str | None = None
        self._wanted = ""
        self._looking = self._entered = False

    def body(self) -> Iterable[Widget]:
        """Yield a field for words, and the list."""
        yield Input(placeholder="words to look for", compact=True, id="narrow")
        yield OptionList(id="choices", markup=False)

    def on_mount(self) -> None:
        """Start with the latest."""
        self.query_one(Input).focus()
        self._look("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for other words."""
        self._entered = False
        self._look(event.value)

    def _look(self, words: str) -> None:
        """Find; of what is typed meanwhile only the last is looked for next.

        The clerk would answer every question that it was asked, one after the other.
        """
        self._wanted = words
        if not self._looking:
            self._looking = True
            self._find()

    @work
    async def _find(self) -> None:
        try:
            while self._found_for != self._wanted:
                await self._find_one(self._wanted)
        finally:
            self._looking = False
        if self._entered:
            self.on_input_submitted()

    async def _find_one(self, words: str) -> None:
        vault = self.fieldkit.vault
        self._choices = await vault.read(evidence_choices, self._inspection, words)
        listed = self.query_one(OptionList)
        width = max(self.app.size.width * 96 // 100 - 6, 30)
        listed.set_options([Option(Late(partial(_drawn, one, width), 2)) for one in self._choices])
        if self._choices:
            listed.highlighted = 0
        keys = KEYS
        if not self._choices:
            keys = "Nothing holds these words.     esc  cancel"
            if not words.strip():
                keys = "Nothing is noted or judged yet, so nothing can be chosen.     esc  close"
        self.set_text("#keys", keys)
        self._found_for = words

    def on_input_submitted(self) -> None:
        """Take the line the cursor is on, once the list is that of the words typed."""
        self._entered = self._found_for != self.query_one(Input).value
        if self._entered:
            return
        number = self.query_one(OptionList).highlighted
        if number is not None and number < len(self._choices):
            self.dismiss(self._choices[number])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the line chosen."""
        self.dismiss(self._choices[event.option_index])

    def action_move(self, by: int) -> None:
        """Move in the list; the field keeps the focus for more words."""
        listed = self.query_one(OptionList)
        listed.action_cursor_down() if by > 0 else listed.action_cursor_up()


def _drawn(choice: EvidenceChoice, width: int) -> Content:
    about = "" if choice.criterion in choice.label else line(choice.criterion, 30)
    head = f"{marks.shown(choice.polarity)} {line(choice.label, width - len(about) - 6)}"
    return Content.assemble(
        plain(head, "bold"),
        plain(f"   {about}" if about else "", "dim"),
        plain(f"\n    {line(choice.excerpt, width - 4)}"),
    )
