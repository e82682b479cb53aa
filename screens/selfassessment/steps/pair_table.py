"""Pairs side by side: the force's row, and beside it the cases that it may be, field by field.

Only what differs is lit, to the character. No score is shown, and no grade.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual.content import Content

from fieldkit.selfassessment.matching.differences import OTHERWISE, Difference
from fieldkit.selfassessment.pairs import OTHER, SAME, CaseFacts, Pair, pairs_of
from fieldkit.selfassessment.rows import QueueLine
from fieldkit.wording.dates import short_day
from screens.kit.drawing.chips import differs, hidden
from screens.kit.drawing.keys import key
from screens.kit.drawing.rows import Text, cut, lines, muted, row, strong, wrapped
from screens.kit.drawing.signs import glyph, marks_in_use, style
from screens.kit.text import plain

LABEL, LABEL_WIDE = 9, 12
WIDE = 96
"""Columns inside the panel from which our audit and other rows have their lines."""
BLANK = Content("")
MOST = 32
"""Columns of a case at most."""
SELF_ASSESSED, INSPECTORS_ONLY = "self-assessed", "inspectors only"


def lit(difference: Difference, width: int) -> Content:
    """Draw a reference with what differs lit; where it is cut, that stays in sight.

    Where a reference is another one by a character that it lacks, a sign stands in its place.
    """
    shown, first = BLANK, -1
    for part in difference.parts:
        if not part.text and difference.words == OTHERWISE:
            continue
        if part.differs and first < 0:
            first = shown.cell_length
        text = plain(part.text)
        shown += differs(text if part.text else glyph("lacks")) if part.differs else text
    if shown.cell_length > width > 4 and first > width // 2:
        shown = muted(glyph("cut")) + shown[first - width // 2 :]
    return cut(shown, width)


def table(item: QueueLine, facts: Mapping[str, CaseFacts], width: int, height: int) -> Content:
    """Draw a row beside its candidates; blank lines part the fields where there is room.

    Args:
        item: the row.
        facts: what the candidates are besides, by the case's id.
        width: columns inside the panel.
        height: lines inside the panel.
    """
    pairs = pairs_of(item)
    wide = width >= WIDE
    label = LABEL_WIDE if wide else LABEL
    each = min((width - label - 1) // (len(pairs) + 1) - 1, MOST)
    sizes = (label, *[each] * (len(pairs) + 1))

    def line(name: str, theirs: Text, ours: Sequence[Content]) -> Content:
        return row(zip((muted(name), theirs, *ours), sizes, strict=True))

    def ours(draw: Callable[[Pair], Content]) -> list[Content]:
        return [draw(pair) for pair in pairs]

    heads = [
        Content.assemble(key(f"{number}"), "  ", strong(pair.case.reference))
        for number, pair in enumerate(pairs, 1)
    ]
    head = line("", strong(f"Their row {item.number}"), heads)
    rule = Content.styled(glyph("rule") * width, style("rule"))
    written, *more = wrapped(strong(item.reference), each, most=2) or [BLANK]
    references = [
        line(
            "Reference",
            written if item.reference else muted("not given"),
            ours(lambda pair: lit(pair.reference, each)),
        ),
        line("", more[0] if more else "", ours(lambda pair: _how_far(pair.reference))),
    ]
    fields = [
        line("Date", _or_none(short_day(item.dated)), ours(lambda pair: _date(pair, each))),
        line("Type", _or_none(item.case_type), ours(lambda pair: _type(pair, each))),
        line("Origin", SELF_ASSESSED, ours(lambda pair: _origin(facts, pair, each))),
    ]
    if wide:
        fields.append(line("Our audit", muted("–"), ours(lambda pair: _audit(facts, pair))))
    fields.append(line("Grade", hidden(), [hidden("")] * len(pairs)))
    parts = [head, rule, *references]
    spread = len(parts) + 2 * len(fields) <= height
    for one in fields:
        parts += [BLANK, one] if spread else [one]
    return lines(parts if len(parts) <= height or spread else [head, *parts[2:]])


def _or_none(text: str) -> Content:
    return plain(text) if text else muted("not given")


def _how_far(difference: Difference) -> Content:
    if not difference.words:
        return _same()
    return muted(difference.words)


def _same() -> Content:
    return Content.assemble((glyph("same"), "bold $success"), muted(" same"))


def _date(pair: Pair, width: int) -> Content:
    if not pair.case.incident_on:
        return muted("not given")
    day = short_day(pair.case.incident_on)
    if pair.days is None:
        return plain(day)
    if pair.days == 0:
        return _same()
    minus = glyph("concern")
    apart = f"{'+' if pair.days > 0 else minus}{abs(pair.days):,}"
    shown = differs(day)
    for unit in (" d", ""):
        beside = Content.assemble(shown, " ", muted(f"{apart}{unit}"))
        if beside.cell_length <= width:
            return beside
    return shown


def _type(pair: Pair, width: int) -> Content:
    named = "; ".join(pair.case.types)
    if not named:
        return muted("not given")
    if pair.type == SAME:
        return _same()
    return _other(named, width) if pair.type == OTHER else plain(named)


def _origin(facts: Mapping[str, CaseFacts], pair: Pair, width: int) -> Content:
    known = facts.get(pair.case.case_id)
    if known is None:
        return muted("not given")
    return _same() if known.self_assessed else _other(INSPECTORS_ONLY, width)


def _other(text: str, width: int) -> Content:
    return differs(cut(text, width - 2 * marks_in_use()))


def _audit(facts: Mapping[str, CaseFacts], pair: Pair) -> Content:
    known = facts.get(pair.case.case_id)
    return muted("not judged yet") if known is None or not known.audit else plain(known.audit)


def in_words(item: QueueLine) -> str:
    """Return why each case is proposed, in a sentence each, and what is said of the row itself."""
    sentences = [item.note] if item.note else []
    for number, case in enumerate(item.candidates, 1):
        told = "; ".join(case.reasons)
        sentences.append(f"{number}  {told[:1].upper()}{told[1:]}.")
    return "\n".join(sentences)
