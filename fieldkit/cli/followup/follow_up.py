"""``fieldkit followup``: a visit, a review or a re-inspection area by area, and its feedback."""

from __future__ import annotations

import argparse

from sqlmodel import Session

from fieldkit.cli.feedback.leave import add_options, give_or_show
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import table
from fieldkit.followup.phases.checklist import Tick, ask_for, received
from fieldkit.followup.phases.feedback import feedback
from fieldkit.followup.phases.follow_up import AreaShown, FollowUp, follow_up
from fieldkit.followup.phases.then_and_now import DIFFERENT, sample_words
from fieldkit.methodology import canonical
from fieldkit.service import NotThereError
from fieldkit.wording.format import set_in
from storage.ops.meant import choices
from storage.ops.text import many
from storage.records import Document

SIGNS = {"better": "▲", "the same": "=", "worse": "▼", "": ""}


def define_followup(noun: CommandParser) -> None:
    """Say what “followup” takes."""
    noun.handle(
        _show,
        "Without a further command: the areas that it looks at, then and now, with its audits, its "
        "days, and what it consists of as a list to tick.",
    )
    area = noun.command(
        "area", _area, "one area as it is reported: recommendation, summary, detail, then and now"
    )
    area.add_argument("criterion", metavar="CRITERION", help="its key, its label or its number")
    documents = noun.command(
        "documents", _documents, "the sorts of document that it reads, as a list to tick"
    )
    documents.add_argument(
        "--ask",
        action="append",
        default=[],
        metavar="SORT",
        help="record that it is asked for; may be repeated; “all” for every sort",
    )
    documents.add_argument(
        "--received", action="append", default=[], metavar="SORT", help="record that it came"
    )
    documents.add_argument("--on", default="", metavar="DAY", help="the day (default: today)")
    written = noun.command(
        "feedback",
        _feedback,
        "the written feedback, area by area, for chief constable and commissioner",
        "Recommendation, summary and detail of each area, as a document for the force. Without "
        "--to it is only shown.",
    )
    add_options(written, needed=False)


def _show(args: argparse.Namespace, context: Context) -> None:
    shown = context.read(follow_up)
    context.show(shown, follow_up_text(shown), marked=True)


def follow_up_text(shown: FollowUp) -> str:
    """Return a follow-up as plain text."""
    rows = [
        (
            str(one.number or ""),
            one.label,
            ", ".join(line.called for line in one.recommendations),
            one.then,
            one.now,
            SIGNS[one.direction],
            f"{one.done} of {one.audits}" if one.audits or shown.has_audits else "",
        )
        for one in shown.areas
    ]
    headings = ("no.", "area", "recommendations", "then", "now", "", "audits")
    lines = [f"{shown.phase_label[:1].upper()}{shown.phase_label[1:]} of {shown.force}"]
    if shown.follows and not shown.kept:
        lines.append(
            "The inspection that it follows is not kept here. Central hands it out: “fieldkit "
            "central export --inspection ID --for LAPTOP”, then “fieldkit merge FILE” here."
        )
    lines += ["", table(headings, rows), ""]
    lines.append(", ".join(f"{name}: {count}" for name, count in shown.balance.items()))
    lines.append(f"Audits: {shown.done} of {shown.audits} judged overall.")
    lines += ["", *(f"{_mark(one.state)} {one.label}  {one.when}" for one in shown.steps)]
    for title, ticks in (("Talks with", shown.interviews), ("Documents", shown.documents)):
        lines += ["", f"{title}:", *map(tick_words, ticks)]
    return "\n".join(lines)


def _mark(state: str) -> str:
    return {"done": "✓", "now": "▸"}.get(state, "·")


def tick_words(one: Tick) -> str:
    """Return a line of a list to tick."""
    more = f" ({one.said})" if one.said else ""
    return f"  [{'x' if one.done else ' '}] {one.label}{more}"


def _area(args: argparse.Namespace, context: Context) -> None:
    shown = context.read(lambda s, inspection_id: _named(s, inspection_id, args.criterion))
    context.show(shown, area_text(shown), marked=True)


def _named(s: Session, inspection_id: str, written: str) -> AreaShown:
    areas = follow_up(s, inspection_id).areas
    wanted = canonical(written)
    for one in areas:
        if wanted and wanted in (canonical(one.criterion), canonical(one.label), str(one.number)):
            return one
    known = choices(written, (one.label for one in areas))
    raise NotThereError(
        f"“{written}” is no area of this follow-up. Nothing was changed; the areas are {known}"
    )


def area_text(one: AreaShown) -> str:
    """Return an area as plain text."""
    lines = [f"{one.number} {one.label}" if one.number else one.label]
    for line in one.recommendations:
        lines += [f"Recommendation {line.called}: {line.wording}", f"   {line.due_words}"]
        lines.append(f"   {line.status}" + (f"; {line.progress}" if line.progress else ""))
    judged = f"{one.then or 'not judged'} › {one.now or 'not judged yet'}"
    lines += [f"Then and now: {judged} {SIGNS[one.direction]}".rstrip()]
    lines += [f"Summary: {one.summary or 'none yet'}"]
    for piece in one.detail.pieces:
        cases = f": {', '.join(piece.cases)}" if piece.cases else ""
        lines.append(f"{piece.sign} {piece.label}: {piece.text}{cases}")
    for sample in (one.sample_then, one.sample_now):
        if sample.audits:
            audits = many(sample.audits, "audit")
            lines.append(f"{sample.when}, {audits}: {sample_words(sample)}")
    if one.sample_then.audits and one.sample_now.audits:
        lines.append(DIFFERENT)
    lines += [f"= {text}" for text in one.context]
    return "\n".join(map(set_in, lines))


def _documents(args: argparse.Namespace, context: Context) -> None:
    def mark(s: Session, inspection_id: str) -> list[Document]:
        every = [one.key for one in follow_up(s, inspection_id).documents]
        asked = every if args.ask == ["all"] else args.ask
        marked = ask_for(s, inspection_id, asked, args.on) if asked else []
        return marked + (
            received(s, inspection_id, args.received, args.on) if args.received else []
        )

    if args.ask or args.received:
        context.write(mark)
    ticks = context.read(lambda s, inspection_id: follow_up(s, inspection_id).documents)
    context.show(ticks, "\n".join(map(tick_words, ticks)), marked=True)


def _feedback(args: argparse.Namespace, context: Context) -> None:
    made = context.read(feedback, args.recipient or "", sender=args.sender)
    give_or_show(args, context, made)
    if args.to is not None:
        context.terminal.say(
            "“fieldkit calendar done written-feedback” records the day on which it was given."
        )
