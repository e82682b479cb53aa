"""``fieldkit force``: one force over time, inspection beside inspection."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from sqlmodel import Session

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import table
from fieldkit.followup.collected.over_time import ForceOverTime, force_over_time
from fieldkit.followup.outcomes.counted import Count
from fieldkit.wording.dates import day_words, short_day
from fieldkit.wording.format import set_in


def define_force(parser: CommandParser) -> None:
    """Say what “force” takes."""
    parser.handle(
        _force,
        "What is known here of one force over the years: its inspections with the grades of their "
        "cases side by side, what is counted for outcomes, judgments on the force, recommendations "
        "with how far they have come, notable practice, and what was written between inspections.",
    )
    parser.add_argument(
        "name",
        metavar="NAME",
        nargs="?",
        default="",
        help="the force, or a part of its name (default: the inspection's)",
    )


def _force(args: argparse.Namespace, context: Context) -> None:
    vault = context.open_vault()

    def read(s: Session) -> ForceOverTime:
        name = args.name or context.inspection(s).force
        context.mark(s)
        return force_over_time(s, name)

    seen = vault.read_now(read)
    context.show(_data(seen), "\n".join(_lines(seen)), marked=True)


def _data(seen: ForceOverTime) -> dict[str, Any]:
    """Return it as data, with the counts of indicators in words too."""
    data = asdict(seen)
    data["indicators"] = [
        {
            "label": label,
            "counts": list(map(_count, row)),
        }
        for label, row in seen.indicators
    ]
    data["tables"] = [
        {
            "title": one.title,
            "totals": one.totals,
            "rows": [{"grade": grade, "counts": counts} for grade, counts in one.rows],
        }
        for one in seen.tables
    ]
    for each in data["inspections"]:
        each["judged"] = [{"criterion": name, "judged": grade} for name, grade in each["judged"]]
    return data


def _count(one: Count | None) -> dict[str, Any] | None:
    return asdict(one) | {"words": one.words} if one else None


def _lines(seen: ForceOverTime) -> Iterator[str]:
    heads = [f"{one.phase} {one.starts[:4] or '?'}" for one in seen.inspections]
    yield f"{seen.force}, over time"
    for one in seen.inspections:
        published = f"; published {day_words(one.published)}" if one.published else ""
        yield set_in(
            f"  {one.called}{published}: {one.agreed} agreed, {one.practice} of notable practice, "
            f"{one.recommended} recommended"
        )
        yield from (set_in(f"      {name}: {grade}") for name, grade in one.judged)
    for each in seen.tables:
        yield ""
        yield f"{each.title[:1].upper()}{each.title[1:]}"
        rows = [
            (grade, *(each.words(count, place) for place, count in enumerate(counts)))
            for grade, counts in each.rows
        ]
        yield table(("", *heads), rows)
    if seen.tables:
        yield "Other cases each time: distributions stand side by side, nothing is tested."
    if seen.indicators:
        yield ""
        yield "What is counted for outcomes"
        for label, row in seen.indicators:
            words = [
                f"{head} {one.words}"
                for head, one in zip(heads, row, strict=True)
                if one and one.words
            ]
            yield set_in(f"  {label.rstrip('.')}: {'; '.join(words)}")
    if seen.recommendations:
        yield ""
        yield "Recommendations"
        for line in seen.recommendations:
            since = f" since {day_words(line.status_on)}" if line.status_on else ""
            yield set_in(
                f"  {line.called}. {line.wording} ({line.due_words}; {line.status}{since})"
            )
    if seen.practice:
        yield ""
        yield "Notable practice"
        yield from (set_in(f"  {one.wording}") for one in seen.practice)
    if seen.between:
        yield ""
        yield "Between inspections, and since"
        yield from (
            set_in(f"  {short_day(one.day)}, {one.place}: {one.text}") for one in seen.between
        )
