"""The columns of the list of cases: how wide each is, and how a case's row is drawn."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from fieldkit.casework.case_lines import CaseLine
from fieldkit.casework.overview.case_order import SORTS, Order
from screens.kit.drawing.chips import CHIP_WIDTH, Grades, late
from screens.kit.drawing.rows import Text, fit, muted, row, strong
from screens.kit.drawing.signs import glyph, sign

SENT = {"local": "here only", "exported": "exported", "received": "central has it"}
"""The sign of how far a case has come."""
MARK, FLAGS = 1, 6
"""Columns of the mark of a case that is chosen, and of what is open: text, ≠, ?, referral."""
NARROW_WORD, WIDE_WORD = 16, 21
"""Columns of the overall grade in words; the wide one has room for “requires improvement”."""
ROOMY = 100
"""Columns of a row from which the auditor's whole name stands in it."""


class CaseColumns:
    """Draws the rows of the list in so many columns.

    Args:
        width: of a row.
        grades: draw the grades of a case.
        cases: those of the whole list, by which the columns are measured.
        short: what stands for a name in a narrow column.
        me: what the acting person is called.
    """

    def __init__(
        self,
        width: int,
        grades: Grades,
        cases: list[CaseLine],
        short: Mapping[str, str],
        me: str,
    ) -> None:
        self._grades, self._short, self._me = grades, short, me
        self.width = width
        self._whole = width >= ROOMY
        longest = max((len(one.reference) for one in cases), default=0)
        self.case = max(min(longest, 16 if self._whole else 9), 7)
        self.letters = max((one.total for one in cases), default=7)
        self.who = 18 if self._whole else 3
        fixed = MARK + self.case + self.who + self.letters + CHIP_WIDTH + FLAGS + 1 + 8
        spare = width - fixed
        if spare < 8 + NARROW_WORD:
            self.word = max(min(spare - 14, NARROW_WORD), 0)
        else:
            self.word = WIDE_WORD if spare >= 30 + WIDE_WORD else NARROW_WORD
        self.type = max(min(spare - self.word, 40), 4)

    def _row(self, cells: tuple[Text, ...]) -> Content:
        widths = (
            MARK,
            self.case,
            self.type,
            self.who,
            self.letters,
            CHIP_WIDTH,
            self.word,
            FLAGS,
            1,
        )
        return row(zip(cells, widths, strict=True))

    def head(self, order: Order, numbers: str) -> Content:
        """Return the names of the columns; the one that is sorted by is lit, with its way.

        ``numbers`` are the numbers of the criteria, in their order.
        """
        names = dict(SORTS) | {"graded": numbers, "sent": ""}
        cells: dict[str, Text] = {
            "mark": "",
            **{name: names[name] for name in ("reference", "types", "auditor", "graded")},
            "chip": "",
            "overall": names["overall"],
            "flags": "",
            "sent": "",
        }
        arrow = glyph("lower" if order.falling else "higher")
        place, lit = order.name, f"{names[order.name]}{arrow}"
        if place == "auditor" and not self._whole:
            lit = f"Wh{arrow}"
        elif place == "graded":  # the arrow has no room beside the numbers
            cells["chip"] = Content.styled(arrow, "bold $primary")
            lit = numbers
        cells[place] = Content.styled(lit, "bold $primary")
        return self._row(tuple(cells.values()))

    def draw(self, case: CaseLine, *, marked: bool, at_cursor: bool) -> Content:
        """Return the row of a case, with the mark of one that is chosen."""
        who: Text = muted(case.auditor if self._whole else self._short.get(case.auditor, ""))
        if case.auditor == self._me and self._me:
            who = strong("You")
        name: Text = strong(case.reference) if at_cursor else case.reference
        types: Text = ", ".join(case.type_labels)
        word: Text = self._grades.word(case.overall, self.word)
        if case.withdrawn:
            name, types, word = muted(case.reference), muted(types), muted("withdrawn")
        elif at_cursor:
            types = strong(types)
        return self._row(
            (
                Content.styled(glyph("pip"), "bold $primary") if marked else "",
                name,
                types,
                who,
                self._grades.letters(case.answers),
                self._grades.chip(case.overall if case.done else ""),
                word,
                self._flags(case),
                sign(SENT[case.sent]) if case.sent in SENT else "",
            )
        )

    def _flags(self, case: CaseLine) -> Content:
        referral: Text = ""
        if case.referral:
            referral = muted(f" {glyph('late')} ") if case.referral == "closed" else late("")
        return Content.assemble(
            sign("typing") if case.drafts else " ",
            sign("two answers") if case.two_answers or case.same_as else " ",
            sign("query") if case.queried else " ",
            fit(referral, 3),
        )


def legend() -> Content:
    """Return what the signs at the end of a row mean."""
    parts = [sign(name) + Content.styled(f" {name}", "$text-muted") for name in SENT.values()]
    return Content("  ").join(parts)
