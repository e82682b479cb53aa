"""What stands in the panels of exchange and export, drawn from what was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from textual.content import Content

from fieldkit.exchange.exchange_report import IN_CONFLICT, TAKEN_AWAY, Exchanged, exchange_lines
from fieldkit.exchange.receipts import Receipts
from fieldkit.exchange.team import Leaving, Share, TeamLine, TeamSeen
from fieldkit.wording.dates import short_moment
from fieldkit.wording.format import entries
from fieldkit.wording.labels import of_kind
from screens.kit.drawing.keys import key, key_and_label
from screens.kit.drawing.notices import empty
from screens.kit.drawing.rows import (
    Text,
    between,
    cut,
    fit,
    lines,
    muted,
    row,
    strong,
    wrapped,
)
from screens.kit.drawing.signs import sign
from storage.ops.text import many

Drawn = Callable[[int], Content]
"""Draws to a number of columns."""
BEFORE = (
    "Every new bundle, receipt and roster in the folder is taken in, and then bundles are written "
    "for your colleagues' laptops and for central. When the stick has gone round twice, all "
    "laptops agree. Nobody else's files are touched."
)
SIGNS = {
    "Not taken in": "contradicts",
    "Note": "dot",
    IN_CONFLICT: "two answers",
    TAKEN_AWAY: "no",
    "Not all was written": "soon",
    "Still missing here": "soon",
    "Nothing has come yet from": "soon",
}
"""The sign of each list of a report; what came in and what was written is done."""
ENCRYPTED = "encrypted for central alone, signed by this laptop"
STAYS = "The force's references and the children's labels stay here."
MOST_LISTED = 4
"""Records in conflict that the wide page names; the page of conflicts has all."""
MOST_ROWS = 5
"""Lines of counts where there is little room."""
CELL = 18
"""Columns of a count with its kind of record."""


def no_team(width: int, height: int = 0) -> Content:
    """Return what a page says before this laptop has joined a team."""
    keys = [("j", "join a team: a request, seven words, a roster")]
    fact = "Everything is kept here, and nothing is lost by waiting."
    return empty("This laptop has not joined a team yet.", keys, fact, width, height)


def before(
    receipts: Receipts | None, said: Sequence[str], last: str, missing: Sequence[str], width: int
) -> Content:
    """Return what an exchange will do, how the last one ended, and what is missing here.

    Args:
        receipts: what central has received, where no panel of its own says so.
        said: what must not be missed.
        last: how the last exchange ended.
        missing: what is missing here.
        width: columns there are.
    """
    rows = warned(said, width)
    rows += [*wrapped(BEFORE, width), Content("")] if rows else wrapped(BEFORE, width)
    if last:
        rows += ([] if rows[-1].plain == "" else [Content("")]) + wrapped(last, width)
    rows += _part("Missing here", missing, "soon", width)
    if receipts is not None and receipts.exports:
        rows += [Content(""), strong("Received by central"), received(receipts, width, 2)]
    return lines(rows)


def warned(said: Iterable[str], width: int) -> list[Content]:
    """Return sentences that must not be missed, each with its sign."""
    return [one for text in said for one in _signed("soon", text, width, bold=True)]


def after(done: Exchanged, said: Sequence[str], width: int, *, whole: bool) -> Content:
    """Return what an exchange did: its steps, then each list of its report.

    Args:
        done: the exchange.
        said: warnings that stand first.
        width: columns there are.
        whole: with what is in conflict now; a wide page has a panel of its own for that.
    """
    rows = warned(said, width) + _steps(done, width)
    for head, items in exchange_lines(done):
        if head != IN_CONFLICT or whole:
            rows += _part(head, items, SIGNS.get(head, "done"), width)
    if done.left_alone:
        rows += [Content(""), *(muted(one) for one in wrapped(done.left_alone, width))]
    return lines(rows)


def _steps(done: Exchanged, width: int) -> list[Content]:
    """Return the steps of the exchange, as they were ticked off."""
    read = len(done.came) + done.others
    new = sum(one.new for one in done.came)
    senders = dict.fromkeys(one.sender for one in done.came if one.new and one.sender)
    of = f" of {' and '.join(senders)}" if senders else ""
    written = f"Written and read back: {many(len(done.written), 'bundle')}"
    steps = [
        ("done", f"{many(read, 'file')} read and verified" if read else "No new file lay there"),
        ("done", f"Taken in: {entries(new)}{of}" if new else "Nothing new to take in"),
        ("soon" if done.failed else "done", written if done.written else "Nothing to write"),
    ]
    if done.refused:
        steps.insert(1, ("contradicts", f"{many(done.refused, 'file')} not taken in"))
    return [cut(Content.assemble(sign(name), " ", strong(text)), width) for name, text in steps]


def _part(head: str, items: Iterable[str], name: str, width: int) -> list[Content]:
    rows = [one for text in items for one in _signed(name, text, width)]
    return [Content(""), muted(head), *rows] if rows else []


def _signed(name: str, text: str, width: int, *, bold: bool = False) -> list[Content]:
    """Return a text in lines, its sign before the first."""
    first, *more = wrapped(text, max(width - 2, 1)) or [Content("")]
    rows = [Content.assemble(sign(name), " ", strong(first) if bold else first)]
    return rows + [(strong(one) if bold else one).pad_left(2) for one in more]


def who_has_what(seen: TeamSeen, width: int, *, exchanged: bool) -> Content:
    """Return a line for each laptop and for central: ours of theirs, what came, theirs of ours."""
    came = 9 if exchanged else 0
    name = min(max((len(one.name) for one in seen.lines), default=0), width // 4)
    share = (width - name - came - (3 if came else 2)) // 2
    head: list[tuple[Text, int]] = [("", name), (muted("we have of them"), share)]
    head += [(muted("came now"), came)] if came else []
    rows = [row([*head, (muted("they have of us"), share)])]
    rows += [_line(one, name, share, came) for one in seen.lines]
    return lines(rows)


def _line(one: TeamLine, name: int, share: int, came: int) -> Content:
    cells: list[tuple[Text, int]] = [(strong(one.name), name), (_share(one.of_them), share)]
    if came:
        number = f"+{one.came:,}" if one.came else muted("0")
        cells.append((strong(number) if one.came else number, came))
    return row([*cells, (_share(one.of_us), share)])


def _share(one: Share) -> Content:
    return Content.assemble(sign("soon" if one.behind else "done"), " ", one.words)


def behind(seen: TeamSeen) -> Content:
    """Return who lacks something, for the border of the panel."""
    lacking = sum(one.of_us.behind or one.of_them.behind for one in seen.lines)
    return sign("soon", f"{lacking} behind") if lacking else sign("done", "all agree")


def leaves(leaving: Leaving, width: int, *, with_key: bool = False, listed: bool) -> Content:
    """Return what would leave for central now, counted by kind of record.

    Args:
        leaving: what was read.
        width: columns there are.
        with_key: the key goes too.
        listed: one kind a line; else several beside each other.
    """
    counts = {**leaving.unsent, **(leaving.keys if with_key else {})}
    rows = counted(counts, width, listed=listed)
    if not counts:
        rows = [Content("Nothing new since the last bundle.")]
    if listed:
        about = [AGAIN, ENCRYPTED] if leaving.again else [ENCRYPTED]
        rows += [muted(one) for text in about for one in wrapped(text, width)]
    elif len(rows) > MOST_ROWS:
        rows = [*rows[: MOST_ROWS - 1], muted("and more kinds: e lists them all")]
    return lines(rows)


AGAIN = "What central has not confirmed yet goes again with it."


def counted(counts: Mapping[str, int], width: int, *, listed: bool) -> list[Content]:
    """Return how many records there are of each kind, one a line or several beside each other."""
    cells = []
    for kind, n in counts.items():
        number, _, noun = of_kind(n, kind).partition(" ")
        cells.append(Content.assemble((f"{number:>6}", "bold"), f" {noun}"))
    if listed:
        return [cut(one, width) for one in cells]
    wide = max(max((one.cell_length for one in cells), default=0) + 2, CELL)
    beside = max(width // wide, 1)
    return [
        Content("").join(fit(one, wide) for one in cells[at : at + beside]).rstrip()
        for at in range(0, len(cells), beside)
    ]


def stays(width: int) -> list[Content]:
    """Return that the key stays here."""
    return _signed("done", f"without the key: {STAYS[0].lower()}{STAYS[1:-1]}", width)


def conflicts(done: Exchanged | None, width: int) -> Content:
    """Return what has two answers since the exchange, and the key that decides it."""
    if done is None:
        return muted("What comes in conflict with yours is named here.")
    named = [text for one in done.came for text in one.conflicts]
    if not done.conflicts:
        return Content.assemble(sign("done"), " There are no conflicts.")
    rows = [one for text in named[:MOST_LISTED] for one in _signed("two answers", text, width)]
    more = done.conflicts - len(named[:MOST_LISTED])
    if more > 0:
        rows.append(muted(f"  and {more} more" if rows else f"{more} with two answers from before"))
    return lines(
        rows,
        muted("Both answers are kept."),
        between(key_and_label("k", "decide now, or later"), "", width),
    )


def goes_on(seen: TeamSeen, width: int) -> Content:
    """Return how the exchange goes on, step by step."""
    rows = []
    for number, text in enumerate(seen.next_steps, 1):
        first, *more = wrapped(text, max(width - 2, 1))
        rows += [Content.assemble((f"{number} ", "$text-muted"), first)]
        rows += [one.pad_left(2) for one in more]
    return lines(rows)


def safe(seen: TeamSeen, width: int) -> Content:
    """Return whether clocks agree, and which roster is in use."""
    rows = [one for text in seen.clocks for one in _signed("soon", text, width)]
    if not seen.clocks:
        rows = _signed("done", "no clock of the team looks wrong", width)
    rows += _signed("done", seen.roster, width)
    return lines(rows)


def received(seen: Receipts, width: int, most: int = 0) -> Content:
    """Return which exports central has received, the latest first, and what it has not confirmed.

    Args:
        seen: what was read.
        width: columns there are.
        most: of the exports, at most so many; 0 for all.
    """
    rows: list[Content] = []
    for one in seen.exports[:most] if most else seen.exports:
        mark = sign("central has it" if one.received else "exported")
        head = Content.assemble(mark, " ", short_moment(one.left))
        key = ", with the key" if one.with_key else ""
        rows.append(between(head, muted(f"{one.words}{key}"), width))
        if not most:
            rows.append(cut(muted(f"  {one.what}"), width))
    if most and len(seen.exports) > most:
        rows.append(muted(f"  and {len(seen.exports) - most} earlier"))
    if not seen.exports:
        rows.append(Content("Nothing has left for central yet."))
    return lines(rows, [muted(one) for one in wrapped(seen.text, width)])


def export_key(with_key: bool, width: int) -> Content:
    """Return what becomes of the key, and the key that changes it."""
    if not with_key:
        way = Content.assemble(key("k"), " sends them too, which is recorded")
        return lines(_signed("done", STAYS, width), cut(way, width))
    said = (
        "The force's own references, the key to the children and the raw cells of its workbook "
        "leave too. This is a disclosure: who, when and to whom is recorded."
    )
    return lines(
        [strong(one) for one in wrapped(said, width)],
        cut(Content.assemble(key("k"), " leaves them here"), width),
    )
