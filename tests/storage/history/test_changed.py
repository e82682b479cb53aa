"""What changed since a revision is what the history of the record tells, however it is asked."""

from __future__ import annotations

from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from storage.history.changed import changed_since
from storage.history.history import history, revisions
from storage.records import Note
from storage.records.registry import KINDS
from storage.redaction.redact import redact
from storage.vault.vault import Vault
from tests.storage.colleague import Colleague

APART = frozenset({"polarity"})
NAMES = count(1)
STEPS = st.lists(st.sampled_from("text again mark theirs earlier redact".split()), max_size=6)


def told(s: Session, record: str, revision: str) -> bool:
    """Say from the whole history whether the note says something else than at that op."""
    changes = history(s, "note", record)
    last = len(changes) - 1
    at = next((n for n, one in enumerate(changes) if str(one.op) == revision), last)

    def values(several: list[object]) -> dict[str, object]:
        known = KINDS["note"]
        said = {name: known.default(name) for name in known.field_names() if name not in APART}
        for change in several:
            said.update({n: to for n, (_, to) in change.fields.items() if n in said})  # type: ignore[attr-defined]  # a change
        return said

    return values([*changes[: at + 1]]) != values([*changes])


@given(st.lists(STEPS, min_size=1, max_size=3))
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_it_is_what_the_history_tells(vault: Vault, several: list[list[str]]) -> None:
    ben = Colleague(f"{next(NAMES):016x}")
    asked: set[tuple[str, str, str]] = set()

    def job(s: Session) -> None:
        for steps in several:
            note = Note.make(inspection_id="i", parent_kind="case", parent_id="c", text="a name")
            place = ("note", note.id)
            s.add(note)
            s.flush()
            for number, step in enumerate(steps):
                asked.update([(*place, revisions(s, [note.id])[note.id]), (*place, "")])
                if step in ("theirs", "earlier"):
                    ms = 2**43 + number if step == "theirs" else 1000 + number
                    ben.hand_over(s, [ben.write(place, {"text": f"{step} {number}"}, ms=ms)])
                    s.expire(note)
                elif step == "redact":
                    if "a name" in note.text:
                        redact(s, *place, "text", "a name", instead="somebody")
                else:
                    note.change(
                        **{"polarity": "concern"}
                        if step == "mark"
                        else {"text": "a name" if step == "again" else f"a name {number}"}
                    )
                s.flush()
        assert changed_since(s, asked, APART) == {each for each in asked if told(s, *each[1:])}

    vault.write_now(job)
    some = vault.read_now(lambda s: changed_since(s, [*asked, ("later_kind", "x", "y")], APART))
    assert some == vault.read_now(lambda s: {each for each in asked if told(s, *each[1:])})
