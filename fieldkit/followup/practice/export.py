"""Sheets of notable practice for a learning event: one a page, and nothing without consent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlmodel import Session

from fieldkit.feedback.document.blocks import Block, Facts, Heading, Paragraph, Written
from fieldkit.feedback.guard.leaving_text import LeavingText, LeavingTexts
from fieldkit.feedback.guard.printed import with_printed
from fieldkit.feedback.guard.stops import refuse_unsettled
from fieldkit.feedback.handover.give import ENDINGS
from fieldkit.feedback.handover.handover import named_recipients
from fieldkit.followup.practice.collection import PracticeLine, WantedPractice, collection
from fieldkit.followup.practice.consent import named_in, words
from fieldkit.history.open_copies import write_copy
from fieldkit.inspections.frame import marking_of_all
from fieldkit.service import RefusedError, existing, now, today
from fieldkit.wording.dates import day_words
from fieldkit.wording.format import line, without_stop
from storage.ops.text import many
from storage.records import Disclosure, Inspection, Practice
from storage.records.point import practice_id
from storage.vault.vault import Vault

PRACTICE = "sheets of practice"
"""What a disclosure says was given; the name of the file follows."""
LEFT_OUT = (
    "Left out: {count} without consent or agreed words; “fieldkit practice list --all” says why."
)
_PARTS = (("problem", "problem"), ("how", "how"), ("works", "works"))
LONGEST = 50
"""Characters of a practice in a refusal."""


@dataclass(frozen=True, slots=True)
class Sheets:
    """Holds the sheets as they would be given now.

    Attributes:
        document: all that leaves, in words.
        recipients: for whom, by role.
        practices: the practices in it.
        texts: every text in it that a person typed, by the inspection it is of.
        left_out: what was asked for and is not in it, and why, as sentences.
    """

    document: Written
    recipients: tuple[str, ...]
    practices: tuple[PracticeLine, ...]
    texts: dict[str, tuple[LeavingText, ...]]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GivenSheets:
    """Holds what left: the file, its digest, for whom, and how many practices are in it."""

    path: Path
    size: int
    sha256: str
    recipients: tuple[str, ...]
    marking: str
    practices: int
    left_out: tuple[str, ...]


def prepare_sheets(
    s: Session,
    wanted: WantedPractice | None = None,
    points: Sequence[str] = (),
    recipients: str | Sequence[str] = "",
) -> Sheets:
    """Return the sheets as they would be given now; nothing is written.

    Args:
        s: a session.
        wanted: which practice.
        points: the ids of single practices, instead of all that is wanted.
        recipients: for whom, by role; a learning event where none is given.

    Raises `RefusedError`: one that was named may not leave, none is left, or a force that is not to
    be named can be known by the words.
    """
    say = words()["document"]
    wanted = WantedPractice() if points or wanted is None else wanted
    every = collection(s, replace(wanted, every=True))
    chosen = [one for one in every if one.point_id in points] if points else every
    barred = [one for one in chosen if one.lacks]
    if points and barred:
        raise RefusedError(f"{_barred(barred)} Nothing was written.")
    chosen = [one for one in chosen if not one.lacks]
    if not chosen:
        raise RefusedError(
            "No practice that is wanted may leave: each needs words agreed in a debrief, and the "
            "force's consent (“fieldkit practice consent”). Nothing was written."
        )
    _refuse_named(s, chosen)
    drafts = {one.inspection_id: LeavingTexts() for one in chosen}
    blocks: list[Block] = [Paragraph(say["lead"])]
    for one in chosen:
        blocks += _sheet(drafts[one.inspection_id], one)
    return Sheets(
        document=Written(
            title=say["title"],
            subtitle=say["subtitle"],
            marking=marking_of_all(s),
            foot=say["foot"].format(day=day_words(today())),
            blocks=tuple(blocks),
        ),
        recipients=named_recipients(recipients or say["recipients"]),
        practices=tuple(chosen),
        texts={key: tuple(draft.texts) for key, draft in drafts.items()},
        left_out=(LEFT_OUT.format(count=many(len(barred), "practice")),) if barred else (),
    )


def leaving_sheets(s: Session, sheets: Sheets, file_name: str = "") -> dict[str, list[LeavingText]]:
    """Return every text of the sheets that must name nobody, by the inspection it is of."""
    more = [LeavingText("", "", "recipient", role) for role in sheets.recipients]
    more.append(LeavingText("", "", "name of the file", file_name))
    printed = (*sheets.document.texts, sheets.document.marking)
    return {
        key: with_printed(s, key, [*texts, *more], printed) for key, texts in sheets.texts.items()
    }


def refuse_telling(s: Session, sheets: Sheets, file_name: str = "") -> None:
    """Refuse sheets by which somebody could be known, or by whose file a force can that hides.

    Raises `StoppedError` and `RefusedError`.
    """
    _refuse_named_file(s, sheets, file_name)
    for inspection_id, texts in leaving_sheets(s, sheets, file_name).items():
        refuse_unsettled(s, inspection_id, texts)


def give_sheets(
    vault: Vault,
    path: Path,
    wanted: WantedPractice | None = None,
    points: Sequence[str] = (),
    recipients: str | Sequence[str] = "",
    *,
    template: Path | None = None,
) -> GivenSheets:
    """Write the sheets to a new file and record the disclosure of each inspection's words.

    Not to be called on the clerk's own thread. Arguments are those of :func:`prepare_sheets`, and
    ``template``, whose looks a .docx takes. Raises as that does, and

    Raises:
        RefusedError: the ending is none we write.
        StoppedError: something in it looks like an identifier and is not settled.
        NotMadeError: something lies there already, or it cannot be written.
    """
    from fieldkit.feedback.document.docx_output import to_docx
    from fieldkit.feedback.document.markdown_output import to_markdown

    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise RefusedError(
            f"Sheets of practice are written as {' or '.join(ENDINGS)}, and “{path.name}” ends "
            "otherwise. Nothing left the vault; name a file with one of these endings."
        )
    sheets = vault.read_now(prepare_sheets, wanted, points, recipients)
    vault.read_now(refuse_telling, sheets, path.stem)
    if ending == ".md":
        data = to_markdown(sheets.document).encode("utf-8")
    else:
        data, _ = to_docx(sheets.document, template)
    first, *others = [
        Disclosure.make(
            inspection_id=inspection_id,
            what=f"{PRACTICE} {path.name}",
            recipient="; ".join(sheets.recipients),
            at=now(),
            counts={"point": sum(one.inspection_id == inspection_id for one in sheets.practices)},
        )
        for inspection_id in sheets.texts
    ]
    sha256 = write_copy(vault, path, data, first, others)
    return GivenSheets(
        path=path,
        size=len(data),
        sha256=sha256,
        recipients=sheets.recipients,
        marking=sheets.document.marking,
        practices=len(sheets.practices),
        left_out=sheets.left_out,
    )


def _sheet(draft: LeavingTexts, one: PracticeLine) -> Iterable[Block]:
    """Yield the sheet of one practice, on a page of its own."""
    say = words()["sheet"]
    yield Heading(without_stop(draft.carry(*one.wording_of, one.wording)), new_page=True)
    yield Facts(
        (
            ("Force", one.force_words),
            *([("On", one.criterion_label)] if one.criterion_label else []),
            *([("Cases", ", ".join(one.types))] if one.types else []),
        )
    )
    record = practice_id(one.point_id)
    for key, field in _PARTS:
        text = draft.carry(Practice.KIND, record, field, getattr(one, field))
        yield Heading(say[key], 2)
        if text.strip() or key != "works" or not one.evidence:
            yield Paragraph(text if text.strip() else say["open"])
        if key == "problem":
            yield Heading(say["done"], 2)
            yield Paragraph(f"{without_stop(one.wording)}.")
        if key == "works" and one.evidence:
            yield Paragraph(say["seen"].format(evidence=one.evidence))
    yield Heading(say["ask"], 2)
    if not one.force:
        # A role and a place would name the force.
        yield Paragraph(say["unnamed_ask"])
    else:
        whom = draft.carry(Practice.KIND, record, "ask_whom", one.ask_whom)
        yield Paragraph(f"{whom}, {one.force}." if whom.strip() else say["open"])


def names_unnamed(s: Session, one: PracticeLine) -> tuple[str, str] | None:
    """Return by which words, and in which text, a force that is not to be named can be known.

    None where it cannot, or is named with its consent.
    """
    if one.force:
        return None
    force = existing(s, Inspection, one.inspection_id).force
    texts = (one.wording, one.problem, one.how, one.works)
    return next(((name, text) for text in texts if (name := named_in(force, text))), None)


def _refuse_named(s: Session, chosen: Sequence[PracticeLine]) -> None:
    for one in chosen:
        known = names_unnamed(s, one)
        if known is not None:
            name, text = known
            raise RefusedError(
                f"The force of “{line(one.wording, LONGEST)}” is not to be named, and “{name}” "
                f"stands in “{line(text, LONGEST)}”. Nothing was written; write other words "
                "there, or ask the force whether it may be named."
            )


def _refuse_named_file(s: Session, sheets: Sheets, file_name: str) -> None:
    for one in sheets.practices:
        force = "" if one.force else existing(s, Inspection, one.inspection_id).force
        if force and named_in(force, file_name):
            raise RefusedError(
                f"The force of “{line(one.wording, LONGEST)}” is not to be named, and the name of "
                "the file names it. Nothing was written; give the file another name."
            )


def _barred(barred: Sequence[PracticeLine]) -> str:
    named = "; ".join(f"“{line(one.wording, LONGEST)}” ({', '.join(one.lacks)})" for one in barred)
    return f"{many(len(barred), 'practice')} may not leave: {named}."
