"""``fieldkit practice``: the collection of notable practice, its sheets, consent and requests."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

from sqlmodel import Session

from fieldkit.cli.kit.command_parser import CommandParser, Handler
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import pairs
from fieldkit.cli.kit.pick import pick
from fieldkit.feedback.document.markdown_output import to_markdown
from fieldkit.followup.practice.collection import (
    ORDERS,
    PracticeLine,
    WantedPractice,
    collection,
)
from fieldkit.followup.practice.consent import CONSENTS, record_consent
from fieldkit.followup.practice.export import give_sheets, prepare_sheets, refuse_telling
from fieldkit.followup.practice.sheets import TEXTS, record_request, write_sheet
from fieldkit.wording.dates import day_words
from fieldkit.wording.format import set_in
from storage.ops.text import many
from storage.records import Practice, PracticeConsent, PracticeRequest

PRACTICE = "its id or a part of its wording"


def define_practice(noun: CommandParser) -> None:
    """Say what “practice” takes."""
    listed = noun.command(
        "list",
        _list,
        "the practice of all inspections kept here that may be passed on",
        "A practice may be passed on once its words were agreed in a debrief and the force has "
        "consented. The force's name is shown only where it consented to that too.",
    )
    _filters(listed)
    listed.flag("--all", "also what may not be passed on, and why")
    listed.add_argument(
        "--order", default=ORDERS[0], choices=ORDERS, help=f"sorted by (default: {ORDERS[0]})"
    )
    _one(noun, "show", _show, "one with all that belongs to it")
    write = _one(noun, "write", _write, "write down what others need to learn from one")
    write.text("--problem", "the problem that it answers")
    write.text("--how", "how it was done")
    write.text("--works", "what shows that it works")
    write.text("--ask-whom", "whom to ask, by role", metavar="ROLE")
    write.add_argument(
        "--type", action="append", metavar="TYPE", help="for this type of case; may be repeated"
    )
    consent = _one(noun, "consent", _consent, "record what the force says of passing one on")
    consent.add_argument("consent", choices=CONSENTS, metavar="CONSENT", help="; ".join(CONSENTS))
    consent.text("--by", "who said so at the force, by role", metavar="ROLE", required=True)
    consent.add_argument("--on", default="", metavar="DAY", help="the day (default: today)")
    consent.text("--remark", "in words", default="")
    asked = _one(noun, "asked", _asked, "record that somebody asked for one")
    asked.text("--by", "which force, or who, by role", metavar="WHO", required=True)
    asked.add_argument("--on", default="", metavar="DAY", help="the day (default: today)")
    asked.text("--remark", "in words", default="")
    export = noun.command(
        "export",
        _export,
        "write sheets for a learning event, one a page",
        "Each sheet has the problem, what was done and how, what shows that it works, and whom to "
        "ask. Nothing leaves without consent. It is not encrypted: it is an export you ask for, "
        "recorded as a disclosure. Without --to it is only shown.",
    )
    export.add_argument("--to", metavar="FILE", type=Path, help="a new .docx or .md")
    export.add_argument(
        "--practice",
        action="append",
        default=[],
        metavar="PRACTICE",
        help=f"only this one: {PRACTICE}; may be repeated",
    )
    export.text(
        "--recipient", "for whom it is, by role; may be repeated", metavar="ROLE",
        action="append", default=[],
    )  # fmt: skip
    export.add_argument("--template", metavar="FILE", type=Path, help="whose looks a .docx takes")
    _filters(export)


def _one(noun: CommandParser, name: str, run: Handler, help: str) -> CommandParser:
    parser = noun.command(name, run, help)
    parser.add_argument("which", metavar="PRACTICE", help=PRACTICE)
    return parser


def _filters(parser: CommandParser) -> None:
    parser.add_argument("--criterion", default="", metavar="CRITERION", help="only on this one")
    parser.add_argument("--case-type", default="", metavar="TYPE", help="only for these cases")
    parser.add_argument("--words", default="", metavar="WORDS", help="only with these words")


def _wanted(args: argparse.Namespace, *, every: bool = False, order: str = "") -> WantedPractice:
    return WantedPractice(args.criterion, args.case_type, args.words, order or ORDERS[0], every)


def _list(args: argparse.Namespace, context: Context) -> None:
    wanted = _wanted(args, every=args.all, order=args.order)

    def read(s: Session) -> list[PracticeLine]:
        context.mark(s)
        return collection(s, wanted)

    lines = context.open_vault().read_now(read)
    none = "No practice may be passed on yet. “fieldkit practice list --all” says what it lacks."
    context.show(lines, "\n".join(map(set_in, map(_text, lines))), marked=True, none=none)


def _text(one: PracticeLine) -> str:
    about = [one.criterion_label, ", ".join(one.types), one.evidence]
    asked = f"asked for {many(one.asked, 'time')}" if one.asked else ""
    lacks = f"may not be passed on: {', '.join(one.lacks)}" if one.lacks else ""
    rows = [f"{one.force_words}: {one.wording} ({one.point_id[:8]})"]
    rows += [f"   {text}" for text in ("; ".join(filter(None, about)), asked, lacks) if text]
    return "\n".join(rows)


def _show(args: argparse.Namespace, context: Context) -> None:
    def read(s: Session) -> PracticeLine:
        context.mark(s)
        return _pick(s, args.which)

    one = context.open_vault().read_now(read)
    context.show(one, pairs(_rows(one), context.terminal.width), marked=True)


def _rows(one: PracticeLine) -> Iterator[tuple[str, str]]:
    consent = one.consent
    given = f", {day_words(consent.given_on)}, {consent.given_by}" if consent.consent else ""
    remark = f": {consent.remark}" if consent.remark else ""
    yield "practice", one.wording
    yield "force", one.force_words
    yield "criterion", one.criterion_label
    yield "types of case", ", ".join(one.types)
    yield "the problem", one.problem
    yield "how it was done", one.how
    yield "what shows that it works", one.works
    yield "seen by", one.evidence
    yield "whom to ask", one.ask_whom
    yield "consent", f"{consent.consent or 'not asked yet'}{given}{remark}"
    yield "may not be passed on", ", ".join(one.lacks)
    yield "asked for", f"{many(one.asked, 'time')}: {', '.join(one.asked_by)}" if one.asked else ""


def _write(args: argparse.Namespace, context: Context) -> None:
    texts = {name: getattr(args, name) for name in TEXTS}
    if args.type is None and all(text is None for text in texts.values()):
        args.refuse("write needs something to write down, such as --problem")

    def write(s: Session, _: str) -> Practice:
        return write_sheet(s, _pick(s, args.which).point_id, args.type, **texts)

    context.show(context.write(write))
    context.terminal.say("Written down.")


def _consent(args: argparse.Namespace, context: Context) -> None:
    def record(s: Session, _: str) -> PracticeConsent:
        point = _pick(s, args.which).point_id
        return record_consent(s, point, args.consent, args.by, args.on, args.remark)

    made = context.write(record)
    context.show(made)
    context.terminal.say(f"On record: {made.consent}, {day_words(made.given_on)}, {made.given_by}.")


def _asked(args: argparse.Namespace, context: Context) -> None:
    def record(s: Session, _: str) -> PracticeRequest:
        return record_request(s, _pick(s, args.which).point_id, args.by, args.on, args.remark)

    made = context.write(record)
    context.show(made, made.id)
    context.terminal.say("The request is on record.")


def _export(args: argparse.Namespace, context: Context) -> None:
    wanted, vault = _wanted(args), context.open_vault()
    points = vault.read_now(lambda s: [_pick(s, one).point_id for one in args.practice])
    if args.to is None:
        sheets = vault.read_now(prepare_sheets, wanted, points, args.recipient)
        vault.read_now(refuse_telling, sheets)
        # The document prints its marking itself.
        context.show(sheets, to_markdown(sheets.document))
        context.terminal.say("Nothing was written. --to FILE.docx or FILE.md writes it.")
        return
    path = args.to.expanduser().absolute()
    template = args.template.expanduser().absolute() if args.template else None
    given = give_sheets(vault, path, wanted, points, args.recipient, template=template)
    context.show(given, str(given.path))
    for text in (
        f"{many(given.practices, 'practice')} written for the {'; '.join(given.recipients)}, not "
        "encrypted; the disclosure is on record.",
        *given.left_out,
    ):
        context.terminal.say(text)


def _pick(s: Session, wanted: str) -> PracticeLine:
    known = collection(s, WantedPractice(every=True))
    return pick(
        wanted,
        known,
        attrgetter("wording"),
        "notable practice",
        plural="notable practice",
        where="among the points of every inspection kept here",
        id=attrgetter("point_id"),
    )
