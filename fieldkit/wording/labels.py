"""What a person calls a record: “WST-014, Investigation”, not an id."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Protocol

from sqlmodel import Session

from fieldkit.methodology import load_known
from fieldkit.service import author, criterion_label
from fieldkit.wording.dates import moment_words
from fieldkit.wording.format import line
from storage.conflicts.answers import is_undo_reason
from storage.ops.text import comparable, many
from storage.ops.walk import climb, levels
from storage.records import Case, Inspection, Record
from storage.records.inspection import judged_by
from storage.records.judgment import imported_auditor
from storage.records.lookup import brief
from storage.records.model.fields import holds_time
from storage.records.registry import KINDS, lies_under, named_by, noun, plural
from storage.trust.current import laptops, people

_PIECE = re.compile(r"\{(\w+)(?::(\d+))?\}")
TAKEN_BACK = "an earlier step is taken back"
NOT_GIVEN = "imported, auditor not given"
_OPTIONAL = re.compile(r"\[([^]]*)\]")


class Finder(Protocol):
    """Looks records up by their id: a session, or :class:`LookedUp`."""

    def get(self, entity: Any, ident: Any, /) -> Any:
        """Return the record, or nothing."""


class LookedUp:
    """Holds many records and those they are called after, looked up at once.

    Args:
        s: a session; what it has not flushed is not seen.
        wanted: the kind and id of each.
        whole: hold all fields but lists; else those that say what they are called and lie under.
    """

    def __init__(
        self, s: Session, wanted: Iterable[tuple[str, str]], *, whole: bool = False
    ) -> None:
        self._s, self._whole = s, whole
        self._held: dict[tuple[str, str], Any] = {}
        for _ in levels((place for place in wanted if place[0] in KINDS), self._look_up):
            pass

    def _look_up(self, places: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Hold these records; returns those that they are called after or lie under."""
        by_kind: dict[str, list[str]] = defaultdict(list)
        for kind, identity in places:
            by_kind[kind].append(identity)
        for kind, ids in by_kind.items():
            known = KINDS[kind]
            records = brief(self._s, known, ids, () if self._whole else _names_read(known))
            self._held.update({(kind, identity): records.get(identity) for identity in ids})
            for record in records.values():
                yield from _above(record, known)

    def get(self, entity: Any, ident: Any, /) -> Any:
        """Return the record, or nothing."""
        if (entity.KIND, ident) in self._held:
            return self._held[entity.KIND, ident]
        return self._s.get(entity, ident)


def _read(record: Any) -> Callable[[str], str]:
    return lambda name: str(getattr(record, name, ""))


def _above(record: Any, known: type[Record]) -> Iterable[tuple[str, str]]:
    """Return the kind and id of the records that one is called after or lies under."""
    read = _read(record)
    for name in _names_above(known):
        named = named_by(known.KIND, name, read)
        if named and named[0] in KINDS and named[1]:
            yield named


@cache
def _names_above(known: type[Record]) -> tuple[str, ...]:
    names = {match[1] for match in _PIECE.finditer(known.LABEL)} | {known.UNDER}
    return tuple(sorted(name for name in names if name.endswith("_id")))


@cache
def _names_read(known: type[Record]) -> tuple[str, ...]:
    """Return the fields by which a record is called, by which it lies in a case, or under which.

    None for all of them: of an inspection others say by which methodology its criteria are called.
    """
    if known is Inspection:
        return ()
    read = {match[1] for match in _PIECE.finditer(known.LABEL)} | {known.UNDER}
    read |= {f"{name.removesuffix('_id')}_kind" for name in read}
    return tuple(sorted(read | {"case_id", "inspection_id"}))


def person_name(names: Mapping[str, str], person: str) -> str:
    """Return the name of a person by id; what was typed by hand is a name already.

    Of a judgment that came with a list of cases: who graded the case as the list has it.
    """
    auditor = imported_auditor(person)
    if auditor is not None:
        return f"{names.get(auditor, auditor)} (imported)" if auditor else NOT_GIVEN
    return names.get(person, person) or "nobody"


def reason_words(reason: str | None) -> str:
    """Return why something was done, in words; what undo and redo write names an op by its id."""
    return TAKEN_BACK if reason and is_undo_reason(reason) else reason or ""


def auditor_of(names: Mapping[str, str], by: str) -> str:
    """Return who judged: the id of a person, or as :func:`person_name` writes who is not known.

    A list names its auditors by name, by role or by initials; one of the team is known by name or
    id.

    Args:
        names: the people known here, by id.
        by: what stands in a judgment.
    """
    auditor = imported_auditor(by)
    if auditor is None:
        return by
    return person_named(names, auditor) or by


def person_named(names: Mapping[str, str], written: str) -> str:
    """Return the id of the one person known here by that name or id; empty where none is."""
    wanted = comparable(written)
    ids = [one for one, name in names.items() if wanted in (comparable(name), one)]
    return ids[0] if wanted and len(ids) == 1 else ""


class Names:
    """Gives the names of people and laptops, as the roster has them."""

    def __init__(self, s: Session) -> None:
        self._people = people(s.connection())
        self._laptops = laptops(s.connection()) | {author(s).device: "this laptop"}

    def person(self, person: str) -> str:
        """Return the name of a person by id."""
        return person_name(self._people, person)

    def laptop(self, device: str) -> str:
        """Return what a laptop is called; the beginning of its id where the roster is silent."""
        return self._laptops.get(device, f"laptop {device[:4]}")


def of_kind(count: int, kind: str) -> str:
    """Return a count of records of a kind: “2 judgments”, “1 case key”."""
    return many(count, noun(kind), plural(kind))


def kinds(counts: Mapping[str, int]) -> str:
    """Return how many records of each kind there are, those there are none of left out."""
    return ", ".join(of_kind(count, kind) for kind, count in counts.items() if count)


def label(s: Finder, kind: str, record_id: str, *, without: str = "") -> str:
    """Return how a person calls a record, also one not kept here or of a later fieldkit.

    The words of the field ``without`` are left out, as where they are to be redacted.
    """
    known = KINDS.get(kind)
    record = s.get(known, record_id) if known else None
    if known is None or record is None:
        return f"a {noun(kind)} not kept here"

    def piece(match: re.Match[str]) -> str:
        text = "…" if match[1] == without else _field(s, known, record, match[1])
        return line(text, int(match[2])) if match[2] else text

    def optional(match: re.Match[str]) -> str:
        return match[1] if all(_read(record)(name) for name, _ in _PIECE.findall(match[1])) else ""

    pattern = _OPTIONAL.sub(optional, known.LABEL) if "[" in known.LABEL else known.LABEL
    return _PIECE.sub(piece, pattern) or noun(kind)


def _field(s: Finder, known: type[Record], record: Any, name: str) -> str:
    """Return a field of a record in its label: what it names by its own label, a day in words."""
    read = _read(record)
    if _is_plain(known, name):
        return read(name)
    named = named_by(known.KIND, name, read)
    if named is not None:
        # A record in one of its own kind, as a colleague's bundle may say, has no end.
        return f"a {noun(known.KIND)}" if named[0] == known.KIND else label(s, *named)
    if known.facts(name).terms == "criteria":
        inspection = s.get(Inspection, read("inspection_id"))
        words = load_known(judged_by(inspection)) if inspection is not None else None
        if words is not None:
            return criterion_label(words, read(name))
    if holds_time(known.model_fields[name].metadata):
        return moment_words(read(name))
    return read(name)


@cache
def _is_plain(known: type[Record], name: str) -> bool:
    """Say whether a field stands in a label as it is: no record, criterion or time is named."""
    facts = known.facts(name)
    names_other = name.endswith("_id") or facts.refers or facts.terms == "criteria"
    return not names_other and not holds_time(known.model_fields[name].metadata)


def case_of(s: Finder, kind: str, record_id: str) -> str:
    """Return the id of the case in whose file a record stands; empty where it stands in none."""

    def above(place: tuple[str, str]) -> tuple[str, str] | None:
        known = KINDS.get(place[0])
        record = s.get(known, place[1]) if known is not None else None
        if record is None:
            return None
        read = _read(record)
        case = read("case_id")
        return (Case.KIND, case) if case else lies_under(place[0], read)

    places = climb((kind, record_id), above)
    return next((identity for kind, identity in places if kind == Case.KIND), "")
