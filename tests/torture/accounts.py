"""Whether all that became of honest records is accounted for, to whoever looks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session, select

from storage.conflicts.find import conflicted_fields
from storage.history.history import Change, history
from storage.ops.op import DELETED
from storage.records.registry import KINDS
from storage.vault.vault import Vault

Rows = dict[tuple[str, str], dict[str, Any]]


def rows(vault: Vault) -> Rows:
    """Every record that a laptop shows, by kind and id."""

    def read(s: Session) -> Rows:
        return {
            (kind, record.id): {name: getattr(record, name) for name in known.field_names()}
            for kind, known in KINDS.items()
            for record in s.exec(select(known))
        }

    return vault.read_now(read)


def accounted(vault: Vault, before: Rows, alarms: Iterable[str]) -> None:
    """Fail where an honest record is otherwise than before, and nothing says why.

    What says why is a conflict, an entry of the record's own history by another laptop in the very
    field, or an alarm that names the record.
    """
    now, told = rows(vault), " ".join(alarms)
    own = vault.author.device

    def explain(s: Session) -> None:
        disputed = conflicted_fields(s.connection())
        for place, values in before.items():
            after = now.get(place)
            if after == values:
                continue
            steps = [one for one in history(s, *place) if one.op.device != own]
            if after is None:
                explained = any(one.fields.get(DELETED, (None, None))[1] for one in steps)
                assert explained or place[1] in told, (place, "went", steps)
                continue
            for name in values:
                if after[name] != values[name] and name not in disputed.get(place, ()):
                    assert _wrote(steps, name) or place[1] in told, (place, name, values, after)

    vault.read_now(explain)


def in_place(vault: Vault, before: Rows) -> None:
    """Fail where an honest record is elsewhere now, or a record has an id that is another's."""
    for (kind, record), values in rows(vault).items():
        known = KINDS[kind]
        # What an id is made of and anybody may write later, such as a sheet, is in its history.
        if known.NAMED and set(known.NAMED) <= set(known.ONCE):
            parts = tuple(str(values[name]) for name in known.NAMED)
            assert record in known.ids_of(parts), (kind, record, parts)
        honest = before.get((kind, record), {})
        for name in known.ONCE if honest else ():
            assert values[name] == honest[name], (kind, record, name, honest[name], values[name])


def _wrote(steps: list[Change], name: str) -> bool:
    """Whether another laptop wrote a field, took words out of it, or took the record back."""
    return any(name in one.fields or name in one.redacted for one in steps) or any(
        DELETED in one.fields for one in steps
    )
