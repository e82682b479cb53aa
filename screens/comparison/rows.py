"""How a difference reads in a list: direction, case, both grades, type, what has become of it."""

from __future__ import annotations

from collections.abc import Collection

from textual.content import Content

from fieldkit.comparison.figures.disparities import Disparity
from fieldkit.methodology import OVERALL
from screens.kit.drawing.chips import Grades
from screens.kit.drawing.rows import between, cut, fit, muted
from screens.kit.drawing.signs import glyph, sign, style
from screens.kit.text import plain

HEADINGS = (
    "The force two grades higher or more",
    "The force one grade higher, ours the worst",
    "The force one grade higher",
    "The force lower",
)
REMARK = style("query")


def difference_sign(steps: int) -> Content:
    """Return one sign for each grade that the force is higher or lower than we are."""
    if not steps:
        return sign("same")
    name = "higher" if steps > 0 else "lower"
    return Content.styled(glyph(name) * abs(steps), style(name))


def remarks(difference: Disparity, queried: Collection[tuple[str, str]]) -> str:
    """Return what has become of a difference, in few words.

    ``queried`` are the case and criterion of judgments with a query that is not settled.
    """
    asked = (difference.case_id, difference.criterion or OVERALL) in queried
    words = (
        "referred back" if difference.open_referral else "",
        "queried" if asked else "",
        "changed" if difference.changed else "",
    )
    return ", ".join(filter(None, words))


def row(
    difference: Disparity,
    grades: Grades,
    width: int,
    queried: Collection[tuple[str, str]] = (),
) -> Content:
    """Return a difference on one line."""
    about = difference.criterion or ", ".join(difference.types)
    head = Content.assemble(
        fit(difference_sign(difference.steps), 3),
        fit(plain(difference.reference), 11),
        " ",
        grades.chip(difference.ours),
        muted(f" {glyph('arrow')} "),
        grades.chip(difference.theirs),
        "  ",
        muted(plain(about)),
    )
    said = remarks(difference, queried)
    return between(head, Content.styled(said, REMARK), width) if said else cut(head, width)
