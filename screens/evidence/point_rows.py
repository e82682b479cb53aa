"""How points are drawn: a row of the list, what one rests on, what would help it, where it goes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.widgets.option_list import Option

from fieldkit.evidence.evidence import CASE_AUDIT
from fieldkit.evidence.gaps.lints import Lint
from fieldkit.evidence.points import WITHDRAWN, PointLine
from fieldkit.evidence.trace import Trace, TracedSupport, TraceMethod
from fieldkit.evidence.triangulation import CONTEXT, CONTRADICTS, SUPPORTS, levels
from fieldkit.feedback.debriefs.actions import ActionLine
from fieldkit.feedback.debriefs.telling import Telling
from fieldkit.service import today
from fieldkit.wording.dates import short_day, short_moment
from fieldkit.wording.format import line
from fieldkit.wording.labels import person_name
from screens.evidence.point_seen import PointSeen
from screens.kit.drawing import bars, chips, keys
from screens.kit.drawing.rows import between, cut, drawn, lines, muted, strong, wrapped
from screens.kit.drawing.signs import sign
from storage.ops.text import many
from storage.records import Case, Judgment

SORTS = ("strength", "notable practice", "concern", "to clarify")
"""The sorts of point in the order in which they are counted."""
MOST_LINES = 4
"""Most lines of one wording in the list; enter shows all of it."""
SIGN_OF = {SUPPORTS: "strength", CONTRADICTS: "contradicts", CONTEXT: "context"}
"""The sign of how evidence bears on a point."""


def counts(points: Iterable[PointLine]) -> Content:
    """Return how many points of each sort stand, by their signs: “+0 ★1 −3 ?1”."""
    standing = [one.sort for one in points if one.state != WITHDRAWN]
    return Content("  ").join(sign(sort) + str(standing.count(sort)) for sort in SORTS)


def point_row(
    point: PointLine,
    criterion: str,
    again: Sequence[str],
    width: int,
    *,
    chosen: bool,
    wide: bool,
) -> Content:
    """Return a point of the list: its sort and number, its words, and how well it stands.

    Args:
        point: which.
        criterion: its number and label.
        again: what of it is worth a second look, told under the cursor.
        width: of the row.
        chosen: the cursor is on it, so that all its words are shown.
        wide: the page shows its words of every point.
    """
    head = Content.assemble(sign(point.sort), f" {point.number:>2} ")
    indent, room = head.cell_length, max(width - head.cell_length, 20)
    whole = chosen or wide
    words = wrapped(point.wording, room, most=MOST_LINES) if whole else [cut(point.wording, room)]
    if chosen:
        words = [strong(one) for one in words]
    rows = [head + words[0], *(one.pad_left(indent) for one in words[1:])]
    basis = _basis(point)
    if wide:
        rows += [muted(cut(criterion, room)).pad_left(indent)] if criterion else []
        rows.append(cut(Content.assemble(_state(point), " ", basis), room).pad_left(indent))
    else:
        narrow = cut(muted(criterion), room - basis.cell_length - 14)
        left = between(narrow, basis, room - 13)
        rows.append(between(left, _state(point), room).pad_left(indent))
    if point.stale:
        rows.append(strong(f"! {point.stale} changed since linked").pad_left(indent))
    for text in again if chosen and not wide else ():
        rows += [
            one.pad_left(indent)
            for one in wrapped(Content.assemble(sign("thin"), " ", drawn(text)), room)
        ]
    row = lines(rows)
    return muted(row.plain) if point.state == WITHDRAWN else row


def words_of(prompts: Iterable[Lint]) -> dict[str, list[str]]:
    """Return the words of all prompts about a record, by its id."""
    words: dict[str, list[str]] = {}
    for prompt in prompts:
        words.setdefault(prompt.id, []).append(prompt.words)
    return words


def point_height(point: PointLine, criterion: str, width: int, *, wide: bool) -> int:
    """Return the lines of a point that is not under the cursor (:func:`point_row`) undrawn."""
    stale = bool(point.stale)
    if not wide:
        return 2 + stale
    indent = 4 + max(len(str(point.number)), 2)
    words = len(wrapped(point.wording, max(width - indent, 20), most=MOST_LINES))
    return words + bool(criterion) + 1 + stale


def _basis(point: PointLine) -> Content:
    """Return the pips of methods, source groups and inspectors."""
    most = levels()["strong"]
    parts = (
        (len(point.methods), most["methods"], "methods"),
        (len(point.sources), most["sources"], "sources"),
        (point.inspectors, most["inspectors"], "people"),
    )
    return Content(" ").join(bars.pips(have, of) + muted(f" {what}") for have, of, what in parts)


def _state(point: PointLine) -> Content:
    if point.state == WITHDRAWN:
        return muted(WITHDRAWN)
    return strength_word(point.strength)


def strength_word(strength: str) -> Content:
    """Return how well a point stands as its sign and word: “● adequate”."""
    return sign("thin", "no evidence") if strength == "none" else sign(strength, strength)


def rests_figure(trace: Trace) -> Content:
    """Return how much speaks for a point and against it, and whether that was weighed."""
    relations = [one.support.relation for one in trace.links]
    parts = [
        f"{relations.count(relation)} {word}"
        for relation, word in ((SUPPORTS, "for"), (CONTRADICTS, "against"), (CONTEXT, "context"))
        if relations.count(relation)
    ]
    if trace.meter.contradictions:
        open_ones = trace.meter.contradictions - trace.meter.answered
        parts.append(f"{open_ones} not weighed" if open_ones else "weighed")
    return drawn(" · ".join(parts) or "nothing yet")


def tree(seen: PointSeen, width: int, *, wide: bool) -> list[Option]:
    """Return what a point rests on, by method, as rows; those of evidence have their link's id."""
    rows: list[Option] = []
    for group in seen.trace.methods:
        links = [link for source in group.sources for link in source.links]
        head = Content.assemble(sign("open"), " ", strong(group.method.capitalize()))
        sources = cut(muted(_sources(group, links)), max(width - head.cell_length - 2, 0))
        rows.append(Option(between(head, sources, width), disabled=True))
        for link in links:
            drawing = _link(link, seen, width, last=link is links[-1], wide=wide)
            rows.append(Option(drawing, id=link.support.id))
    return rows


def _sources(group: TraceMethod, links: Sequence[TracedSupport]) -> str:
    roots = {one.evidence.root for one in links if one.evidence is not None}
    if group.method == CASE_AUDIT:
        return many(len(roots), "case file")
    labels = ", ".join(source.label for source in group.sources)
    named = {_place(one) for one in links} - {""}
    return f"{labels}, {named.pop()}" if len(named) == 1 and len(roots) == 1 else labels


def _place(link: TracedSupport) -> str:
    """Return whom or where an entry is of, without the sort that its group tells."""
    evidence = link.evidence
    if evidence is None:
        return ""
    label = evidence.label.removesuffix(", note").partition(": ")[2]
    return "" if label == evidence.source else label


def _link(link: TracedSupport, seen: PointSeen, width: int, *, last: bool, wide: bool) -> Content:
    evidence = link.evidence
    branch = muted("└ " if last else "├ ")
    grades = chips.Grades(seen.methodology.scale_for("case"))
    graded = evidence is not None and bool(evidence.grade)
    chip = grades.chip(evidence.grade) if evidence is not None and graded else muted(" · ")
    head = Content.assemble(
        branch, sign(SIGN_OF[link.support.relation]), " ", chip, " ", strong(_named(link)), " "
    )
    indent, room = head.cell_length, max(width - head.cell_length, 16)
    said = line(link.text, 4000) if link.text else "nothing said"
    if graded and evidence is not None:
        said = said.removeprefix(f"{evidence.grade}: ")
    words = wrapped(said, room, most=MOST_LINES) if wide else [cut(said, room)]
    rows = [head + words[0], *(one.pad_left(indent) for one in words[1:])]
    if link.support.why:
        weighed = f"weighed: {line(link.support.why, 400)}"
        rows += [muted(one).pad_left(indent) for one in wrapped(weighed, room, most=3)]
    elif wide and link.who:
        who = "You" if link.who == seen.me else person_name(seen.trace.names, link.who)
        rows.append(muted(cut(f"{who}, {short_moment(link.when)}", room)).pad_left(indent))
    if evidence is None:
        rows.append(strong("! deleted since it was linked").pad_left(indent))
    elif link.changed:
        rows.append(strong(cut("! changed since linked; enter shows both", room)).pad_left(indent))
    return lines(rows)


def _named(link: TracedSupport) -> str:
    """Return what evidence is called in the tree: a case's reference, else when it was written."""
    evidence = link.evidence
    if evidence is not None and evidence.root[0] in (Case.KIND, Judgment.KIND):
        return line(evidence.label.partition(", ")[0], 14)
    return short_moment(link.when) if link.when else "not known"


def would_be_strong(trace: Trace, width: int) -> Content:
    """Return what of a strong point's basis is there, and what is missing of it."""
    wanted, meter = levels()["strong"], trace.meter
    parts = (
        (len(meter.methods), wanted["methods"], "methods", "method", ", ".join(meter.methods)),
        (
            *(len(meter.sources), wanted["sources"], "source groups", "source group"),
            ", ".join(meter.sources),
        ),
        (meter.inspectors, wanted["inspectors"], "inspectors", "inspector", ""),
    )
    rows = []
    for have, of, label, singular, names in parts:
        missing = of - have
        more = f"{'one' if missing == 1 else missing} more {label if missing > 1 else singular}"
        told = sign("thin", more) if missing > 0 else muted(names or f"{have}")
        head = Content.assemble(bars.pips(have, of), f" {label}")
        right = cut(told, max(width - head.cell_length - 2, 0))
        rows.append(between(head, right, width))
    if waiting := meter.contradictions - meter.answered:
        rows.append(sign("thin", f"weigh {many(waiting, 'contradiction')}"))
    ask = Content.assemble(
        muted("A prompt to look again, not a score.  "), keys.key_and_label("s", "add support")
    )
    return lines(rows, [cut(ask, width)])


def where_it_goes(seen: PointSeen, width: int) -> Content:
    """Return in which debriefs a point was told, what the force says and does, and what follows."""
    chain = seen.chain
    rows = [_telling(one) for one in chain.tellings]
    if not rows:
        how = Content.assemble(keys.key("d"), " raise it today")
        rows.append(
            Content.assemble(sign("no moment"), " Debrief ", muted("not raised yet  "), how)
        )
    if chain.response or chain.outcome:
        said = "; ".join(filter(None, (chain.outcome, line(chain.response, 200))))
        rows.append(Content.assemble(sign("moment"), " Answer ", muted(said)))
    rows += [Content.assemble(promise_state(one), " ", promise_words(one)) for one in chain.actions]
    numbers = ", ".join(seen.recommendations)
    if numbers:
        rows.append(Content.assemble(sign("done"), f" Recommendation {numbers}"))
    else:
        rows.append(Content.assemble(sign("no moment"), " Recommendation ", muted("none yet")))
    return lines([each for row in rows for each in _hanging(row, width)])


def _hanging(row: Content, width: int) -> list[Content]:
    """Return a row in lines, those after the first two columns in."""
    first, *rest = row.wrap(width)
    if not rest:
        return [first.rstrip()]
    words = Content(" ").join(rest)
    return [first.rstrip(), *wrapped(words, width, most=2, indent=2)]


def _telling(telling: Telling) -> Content:
    day = short_day(telling.held_on)
    if telling.unsettled:
        state, words = "two answers", "two answers"
    elif telling.said_only:
        state, words = "moment", "told; its words were not agreed"
    elif telling.frozen and telling.agreed:
        state, words = "done", "agreed, its words are frozen"
    elif telling.frozen:
        state, words = "moment", "told"
    else:
        state, words = "no moment", "on the list"
    called = f" {telling.sort.capitalize()} debrief {day} "
    return Content.assemble(sign(state), called, muted(words))


def promise_state(entry: ActionLine) -> Content:
    """Return how an action that was promised stands: done, late, due today, or its day."""
    if entry.done:
        return sign("done", f"done {short_day(entry.done)}")
    if not entry.due:
        return muted("· no day named")
    told = f"due {short_day(entry.due)}"
    if entry.due < today():
        return chips.late(told)
    return sign("soon", told) if entry.due == today() else muted(f"· {told}")


def promise_words(entry: ActionLine) -> Content:
    """Return who promised an action, and what it is."""
    return Content.assemble(
        strong(f"{entry.owner or 'nobody named'}: "), drawn(line(entry.action, 400))
    )


def _prompt(words: str) -> Content:
    return Content.assemble(sign("thin"), " ", drawn(words))


def look_again(again: Sequence[Lint], width: int, height: int) -> Content:
    """Return what is worth a second look in so many lines, the last of which counts the rest."""
    if not again:
        return muted("Nothing is worth a second look.")
    shown = again if len(again) <= height else again[: max(height - 1, 0)]
    rows = [cut(_prompt(one.words), width) for one in shown]
    if len(shown) < len(again):
        rows.append(muted(cut(f"· {len(again) - len(shown)} more", width)))
    return lines(rows)
