"""Chips: grades as a letter on its colour, states on grey, tabs, and what is late.

``Grades(methodology.scale_for("case"))`` draws all that is graded on one scale: ``chip`` for a
table, ``letter`` for one of seven in a row, ``word`` beside it, ``shares`` for how many of each. It
takes the label of a grade or the key of a state (``"not judged"``), as they stand in a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from textual.content import Content

from fieldkit.methodology.terms import Grade, Scale
from screens.kit.drawing.bars import Share, stacked
from screens.kit.drawing.rows import Text, cut, drawn, muted
from screens.kit.drawing.signs import glyph, marks_in_use

NOT_JUDGED, NOT_APPLICABLE, UNABLE = "not judged", "not applicable", "unable to judge"
_STATE = "$state-on on $state"
_COLOURED = frozenset(("outstanding", "good", "adequate", "requires", "inadequate"))
"""The keys of grades that the themes have a colour for; any other is drawn as a state is."""
CHIP_WIDTH = 3


class Grades:
    """Draws the grades of one scale, by the label of a grade or the key of a state.

    Args:
        scale: gives the letters, the short labels and which grade is the worst.
    """

    def __init__(self, scale: Scale) -> None:
        self._of: dict[str, Grade] = {one.label: one for one in scale.grades}
        self._worst = scale.grades[-1].label

    def chip(self, answer: str) -> Content:
        """Return three columns: a bold letter on its colour, or the sign of a state on grey."""
        grade = self._of.get(answer)
        if grade is None:
            return Content.styled(f" {_state_glyph(answer)} ", _STATE)
        return Content.styled(f" {grade.letter} ", _filled(grade))

    def letter(self, answer: str) -> Content:
        """Return one column for where many stand in a row: only the worst grade is filled."""
        grade = self._of.get(answer)
        if grade is None:
            return muted(_state_glyph(answer))
        return Content.styled(
            grade.letter, _filled(grade) if answer == self._worst else _as_text(grade)
        )

    def letters(self, answers: Iterable[str]) -> Content:
        """Return the letters of several answers without blanks between."""
        return Content("").join(self.letter(one) for one in answers)

    def word(self, answer: str, width: int = 0, *, coloured: bool = False) -> Content:
        """Return what a grade or state is called, short where the whole has no room.

        Args:
            answer: the label of a grade, the key of a state, or nothing for not judged yet.
            width: the columns there are; 0 for as many as it takes.
            coloured: in the colour of the grade, for a legend.
        """
        grade = self._of.get(answer)
        if grade is None:
            return cut(
                muted(answer if answer not in ("", NOT_JUDGED) else "not judged yet"), width or 99
            )
        word = grade.label if not width or len(grade.label) <= width else grade.short
        return drawn(cut(word, width or len(word)), _as_text(grade) if coloured else "")

    def chip_and_word(self, answer: str, width: int = 0, *, coloured: bool = False) -> Content:
        """Return the chip, a blank and the word; ``width`` is of the word."""
        return Content.assemble(self.chip(answer), " ", self.word(answer, width, coloured=coloured))

    def shares(self, counts: Mapping[str, int], width: int) -> Content:
        """Return one bar of filled cells with letter and count inside, best grade first.

        Args:
            counts: how many there are of each grade's label; what is not judged yet may be among
                them and comes last; other states are left out, as no share counts them.
            width: of the bar; one too narrow gives letters and counts without a bar.
        """
        shares = [
            Share(grade.letter, counts.get(label, 0), _filled(grade))
            for label, grade in self._of.items()
        ]
        shares.append(Share(glyph(NOT_JUDGED), counts.get(NOT_JUDGED, 0), _STATE))
        return stacked(shares, width)


def _filled(grade: Grade) -> str:
    key = grade.key
    return f"bold $grade-{key}-on on $grade-{key}" if key in _COLOURED else f"bold {_STATE}"


def _as_text(grade: Grade) -> str:
    return f"bold $grade-{grade.key}-text" if grade.key in _COLOURED else "bold"


def _state_glyph(answer: str) -> str:
    return glyph(answer if answer in (NOT_APPLICABLE, UNABLE) else NOT_JUDGED)


def hidden(text: str = "hidden") -> Content:
    """Return what stands in the place of the force's grade before our own is committed."""
    shade = Content.styled(glyph("hidden") * CHIP_WIDTH, _STATE)
    return Content.assemble(shade, " ", (text, "$text-muted")) if text else shade


def late(text: str) -> Content:
    """Return words on the filled red of what is late or has gone wrong: “! due 12:00”."""
    shown = f" {glyph('late')} {text} " if text else f" {glyph('late')} "
    return Content.styled(shown, "bold $grade-inadequate-on on $grade-inadequate")


def chosen(text: str) -> Content:
    """Return a tab that is chosen: filled, and so told from the others without colour."""
    return Content.styled(f" {text} ", "bold $background on $primary")


def tabs(names: Sequence[tuple[str, int | None]], at: int, width: int) -> Content:
    """Return tabs with their counts on one line, the chosen one filled.

    Args:
        names: what each tab is called, and how many there are in it, or None.
        at: which is chosen, from 0.
        width: of the line; where there are more, those around the chosen one are shown.
    """
    shown = [f"{name} {count:,}" if count is not None else name for name, count in names]
    first, last = 0, len(shown)
    while last - first > 1 and sum(len(one) + 3 for one in shown[first:last]) - 1 > width:
        if at - first > last - 1 - at:
            first += 1
        else:
            last -= 1
    parts = [
        chosen(text) if number == at else Content.styled(f" {text} ", _STATE)
        for number, text in enumerate(shown[first:last], first)
    ]
    return cut(Content(" ").join(parts), width)


def strip(names: Sequence[Text], at: int, width: int) -> Content:
    """Return the names of a page's tables or steps on one line, the chosen one filled.

    Where they have no room, those around the chosen one are shown, and the line says that there
    are more.

    Args:
        names: what each is called; a sign may stand before it.
        at: which is chosen, from 0.
        width: of the line.
    """
    shown = [drawn(name) for name in names]
    first, last = 0, len(shown)

    def parts() -> Content:
        each = [
            chosen(shown[number].plain) if number == at else muted(shown[number].pad(1, 1))
            for number in range(first, last)
        ]
        before, after = glyph("cut") * bool(first), glyph("cut") * (last < len(shown))
        return Content.assemble(muted(before), *each, muted(after))

    while last - first > 1 and parts().cell_length > width:
        if at - first > last - 1 - at:
            first += 1
        else:
            last -= 1
    return cut(parts(), width)


def lit(text: str, spans: Iterable[tuple[int, int]], style: str = "match") -> Content:
    """Return a text with parts of it lit: what was found (``match``) or ``differs``.

    Args:
        text: is never markup.
        spans: where the parts begin and end.
        style: ``match`` or ``differs``, as the theme calls their colours.
    """
    content = drawn(text)
    for start, end in spans:
        content = content.stylize(f"bold ${style}-on on ${style}", start, end)
    return content


def differs(text: Text) -> Content:
    """Return words or characters that differ from what they stand beside, lit.

    Where no colour is shown, or only ASCII, brackets around them say it too.
    """
    shown = drawn(text)
    if marks_in_use():
        shown = Content.assemble("[", shown, "]")
    return shown.stylize("bold $match-on on $match")
