"""The practice day's debriefs, the one that ends the fieldwork, and what the force gets in writing.

One point is told three times: the words that were agreed last are those that leave.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from fieldkit.demo.practice_vault import PracticeVault, counted, insist
from fieldkit.feedback.debriefs.chain import chains
from fieldkit.feedback.debriefs.debrief import (
    FrozenError,
    close_debrief,
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.feedback.debriefs.printed_sheet import sheet_text
from fieldkit.feedback.debriefs.sheet import sheet_of
from fieldkit.feedback.debriefs.telling import DISPUTED, KEPT
from fieldkit.feedback.document.markdown_output import to_markdown
from fieldkit.feedback.handover.gather import gather
from fieldkit.feedback.handover.give import hand_over
from fieldkit.feedback.handover.preflight import NotReadyError
from storage.durable import delete
from storage.ops.text import many

_ANSWER = ("response", "outcome", "correction", "action", "action_owner", "action_due")
"""What the force answers to a point of a debrief."""
RECIPIENTS = ("chief constable", "police and crime commissioner")
DAILY, HOT = "daily", "hot"


def debrief(demo: PracticeVault) -> str:
    """Hold the daily debriefs: wording agreed and frozen, the force's answer, what it does."""
    write, day = demo.vault.write_now, demo.practice.today
    before = [one for one in demo.practice.tellings if one["sort"] == DAILY]
    for telling in before:
        demo.ids[f"told {telling['point']}"] = write(_hold_before, demo, telling)
    opened = write(open_debrief, demo.inspection, DAILY, day)
    places = [
        write(_tell, demo, opened.id, point["key"], point["agreed_wording"], point)
        for point in demo.practice.points
        if "agreed_wording" in point
    ]
    write(close_debrief, opened.id, demo.practice.present_at_debrief)
    for telling in before:
        # What was promised is told again as done, and stays on record.
        place, done = demo.ids[f"told {telling['point']}"], telling["action_done"]
        write(record_response, place, action_done=done)
    try:
        write(freeze_wording, places[0], "Other words.")
        insist(False, "an agreed wording could be changed")
    except FrozenError:
        pass
    sheet = demo.vault.read_now(sheet_of, opened.id)
    outcomes = Counter(one.outcome for one in sheet.points)
    actions = sum(bool(one.action) for one in sheet.points)
    frozen = sum(one.frozen for one in sheet.points)
    done = sum(bool(one.done) for one in sheet.actions)
    return (
        f"{frozen} of {many(len(sheet.points), 'point')} told in words agreed and frozen "
        f"({counted(outcomes)}); {many(actions, 'immediate action')}, {done} of the day before "
        "done; changing a frozen wording was refused"
    )


def _hold_before(s: Session, demo: PracticeVault, telling: Mapping[str, Any]) -> str:
    opened = open_debrief(s, demo.inspection, telling["sort"], telling["held_on"])
    place = _tell(s, demo, opened.id, telling["point"], telling["wording"], telling)
    close_debrief(s, opened.id, demo.practice.present_at_debrief)
    return place


def _tell(
    s: Session,
    demo: PracticeVault,
    debrief_id: str,
    point: str,
    wording: str,
    table: Mapping[str, Any],
) -> str:
    """Tell one point in a debrief and record what the force answered; returns its place there."""
    place = include_point(s, debrief_id, demo.ids[point])
    freeze_wording(s, place.id, wording)
    answer = {name: table[name] for name in _ANSWER if name in table}
    if "shown_by" in table:
        answer |= {"evidence_kind": "note", "evidence_id": demo.ids[table["shown_by"]]}
    record_response(s, place.id, **answer)
    return place.id


def hot_debrief(demo: PracticeVault) -> str:
    """Hold the debrief that ends the fieldwork, of what was agreed and carried over."""
    return demo.vault.write_now(_hold_hot, demo)


def _hold_hot(s: Session, demo: PracticeVault) -> str:
    tellings = [one for one in demo.practice.tellings if one["sort"] == HOT]
    opened = open_debrief(s, demo.inspection, HOT, tellings[0]["held_on"])
    gathered = len(sheet_of(s, opened.id).points)
    for telling in tellings:
        _tell(s, demo, opened.id, telling["point"], telling["wording"], telling)
    close_debrief(s, opened.id, demo.practice.present_at_debrief)
    sheet = sheet_of(s, opened.id)
    insist(len(sheet.points) == gathered > 1, "the hot debrief did not gather what was agreed")
    return f"{many(gathered, 'point')} gathered by itself, strengths first, and told again"


def write(demo: PracticeVault) -> str:
    """Write the feedback for the force; sheet, document and data agree on the last agreed words."""
    path = demo.folder / "written feedback.docx"
    try:
        hand_over(demo.vault, demo.inspection, path, RECIPIENTS)
        insist(False, "a finding in dispute left undecided")
    except NotReadyError:
        kept = demo.vault.write_now(_keep_what_is_disputed, demo)
    given = hand_over(demo.vault, demo.inspection, path, RECIPIENTS)
    made = demo.vault.read_now(gather, demo.inspection, RECIPIENTS)
    page = " ".join(to_markdown(made.document).split())
    demo.vault.write_now(_agree, demo, page, [one.wording for one in made.findings])
    delete(path)
    return (
        f"refused while {many(kept, 'finding')} {'was' if kept == 1 else 'were'} in dispute; then "
        f"version {given.version} for {' and '.join(given.recipients)}: "
        f"{many(len(made.findings), 'finding')} in their last agreed words, "
        f"{many(given.counts['difference'], 'difference')}, {given.size // 1024} KiB"
    )


def _keep_what_is_disputed(s: Session, demo: PracticeVault) -> int:
    """Keep with its evidence what the force disputes; returns how many findings."""
    disputed = [one for one in chains(s, demo.inspection).values() if one.status == DISPUTED]
    for chain in disputed:
        record_response(s, chain.tellings[-1].id, outcome=KEPT)
    return len(disputed)


def _agree(s: Session, demo: PracticeVault, page: str, wordings: list[str]) -> None:
    last = next(one for one in demo.practice.tellings if one["sort"] == HOT)
    hot = open_debrief(s, demo.inspection, HOT, last["held_on"])
    sheet = " ".join(sheet_text(sheet_of(s, hot.id)).split())
    known = {one["key"]: one.get("agreed_wording", "") for one in demo.practice.points}
    earlier = (known[last["point"]], *(
        one["wording"] for one in demo.practice.tellings if one["sort"] == DAILY
    ))  # fmt: skip
    insist(last["wording"] in wordings, "the data have not the last agreed words")
    for text, what in ((page, "document"), (sheet, "sheet")):
        insist(last["wording"] in text, f"the {what} has not the last agreed words")
        insist(not any(one in text for one in earlier), f"the {what} has earlier words")
