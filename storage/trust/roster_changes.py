"""What a roster changes: said to whoever signs it, and held against what was believed before.

A laptop's keys are its own: it makes them once and signs them in its request. An entry that gives
a known laptop other keys without its signature is what somebody makes who wants to read bundles
that were never meant for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from storage.ops.day_words import day_words, span_words
from storage.ops.op import by_name
from storage.ops.text import many
from storage.trust.roster import Device, PlannedInspection, Roster, RosterError

_KEYS_CHANGED = (
    "Nothing was changed. Do not use this roster, and tell central's administrator in person; they "
    "enrol the laptop anew with a fresh request (fieldkit enrol request)."
)


@dataclass(frozen=True)
class Change:
    """Says one thing that a roster changes; a grave one decides who may read or erase what."""

    text: str
    grave: bool = False


def refuse_foreign_keys(before: Roster | None, after: Roster, *, all_signed: bool = False) -> None:
    """Refuse a roster that gives a laptop keys for which its own signature is missing.

    Where nothing was believed before, keys without a signature are accepted, and likewise new
    laptops as long as no laptop of the roster before carries its own: they were enrolled by a
    fieldkit that kept none.

    Args:
        before: what was believed, or signed, before.
        after: the roster in question.
        all_signed: nobody who is new may lack a signature; what the root key demands.

    Raises:
        RosterError: as above; a signature is missing that was there; a request older than the one
            believed gives other keys; or a laptop changes its person.
    """
    after.check_requests()
    known = {one.id: one for one in before.devices} if before else {}
    demanded = all_signed or any(one.request for one in known.values())
    for device in after.devices:
        entry = known.get(device.id)
        name = f"{device.name} ({device.person})"
        if entry is None:
            if device.request is None and demanded:
                raise RosterError(
                    f"The roster names {name} as a new laptop without that laptop's own signature "
                    f"of its keys. {_KEYS_CHANGED}"
                )
        elif entry.person_id != device.person_id:
            raise RosterError(
                f"The roster gives {name} to another person than before ({entry.person}). Nothing "
                "was changed. A laptop keeps its person: tell central's administrator."
            )
        elif device.request is None and (entry.request or not device.has_keys_of(entry)):
            raise RosterError(
                f"The roster changes the keys of {name}, or leaves out that laptop's own signature "
                f"of them. Bundles for it could be read by somebody else. {_KEYS_CHANGED}"
            )
        elif device.requested < entry.requested and not device.has_keys_of(entry):
            raise RosterError(
                f"The roster gives {name} keys from an older request than the one used before. "
                f"{_KEYS_CHANGED}"
            )


def unsigned_text(roster: Roster) -> str:
    """Say which laptops never signed their keys in a form that the roster carries, or nothing."""
    names = [f"{one.name} ({one.person})" for one in roster.devices if one.request is None]
    if not names:
        return ""
    return (
        f"The roster has no signature of the laptop's own for {many(len(names), 'laptop')}: "
        f"{', '.join(names)}. Whoever enrolled them vouches for their keys. To mend that, have "
        "each make a new request (fieldkit enrol request), and central enrol it again."
    )


def changes(before: Roster | None, after: Roster) -> list[Change]:
    """Return what a roster says otherwise than the one before, the grave first."""
    if before is None:
        before = Roster(after.org, after.team, 0, "", "", after.central, root=after.root)
    told = [
        *_central(before, after),
        *_laptops(before, after),
        *_days(before, after),
        *_inspections(before, after),
    ]
    return sorted(told, key=lambda change: not change.grave)


def _central(before: Roster, after: Roster) -> Iterator[Change]:
    new = set(after.central.recipients) - set(before.central.recipients)
    if new or before.central.kind != after.central.kind:
        yield Change(
            "Central's keys change: bundles for central will open with a new key. Central's words "
            f"become: {after.central.fingerprint}. Right only after “fieldkit central rotate”: ask "
            "whoever runs central.",
            True,
        )
    elif set(before.central.recipients) != set(after.central.recipients):
        yield Change("Central loses a key that bundles were encrypted to before.", True)
    if before.central.sign_pk != after.central.sign_pk:
        yield Change(
            "Central signs receipts with another key. Right only after “fieldkit central rotate "
            "--signing”: ask whoever runs central.",
            True,
        )


def _laptops(before: Roster, after: Roster) -> Iterator[Change]:
    for device in after.devices:
        name = f"{device.name} ({device.person})"
        entry = before.device(device.id)
        if entry is None:
            yield from _new_laptop(before, device, name)
            continue
        if not device.has_keys_of(entry):
            yield Change(
                f"The keys that bundles for {name} are encrypted to change. Its words become: "
                f"{device.fingerprint}. Have {device.person} read them to you in person.",
                True,
            )
        elif device.request and not entry.request:
            yield Change(f"{name} has signed its own keys now. Words: {device.fingerprint}")
        if entry.person != device.person:
            yield Change(f"{entry.person} (laptop {entry.name}) is called {device.person}.", True)
        if entry.name != device.name:
            yield Change(f"Laptop {entry.name} ({device.person}) is called {device.name}.")
        yield from _ended(entry, device, name)
    for entry in before.devices:
        if after.device(entry.id) is None:
            yield Change(f"{entry.name} ({entry.person}) is no longer on the roster.", True)


def _new_laptop(before: Roster, device: Device, name: str) -> Iterator[Change]:
    yield Change(f"New laptop: {name}, laptop {device.id}. Words: {device.fingerprint}")
    earlier = [one.name for one in before.devices if one.person_id == device.person_id]
    if earlier:
        yield Change(
            f"{device.person} gets a further laptop, {device.name}, which writes in their name "
            f"beside {', '.join(earlier)}. Ask {device.person} in person whether it is theirs.",
            True,
        )


def _ended(entry: Device, device: Device, name: str) -> Iterator[Change]:
    if entry.until is None and device.until is not None:
        yield Change(f"{name} is revoked.")
    elif entry.until is not None and device.until is None:
        yield Change(f"{name} was revoked, and would be accepted again without any limit.", True)
    elif entry.until != device.until:
        last = ", ".join(f"{feed} to {seq}" for feed, seq in by_name(device.until or {}).items())
        yield Change(
            f"{name} is revoked; the entries of it that count are now: {last or 'none'}.", True
        )


def _days(before: Roster, after: Roster) -> Iterator[Change]:
    if before.version and before.grace_days != after.grace_days:
        yield Change(
            f"Days from central's receipt to the earliest erasure: {after.grace_days}, before "
            f"{before.grace_days}.",
            after.grace_days < before.grace_days,
        )
    for what, old, new in (
        ("The organisation", before.org, after.org),
        ("The team", before.team, after.team),
        ("The methodology", before.methodology, after.methodology),
        ("The roster's last day", day_words(before.expires[:10]), day_words(after.expires[:10])),
    ):
        if before.version and old != new:
            yield Change(f"{what}: {new or 'none'}, before {old or 'none'}.")


def _inspections(before: Roster, after: Roster) -> Iterator[Change]:
    old, new = ({one.id: one for one in roster.inspections} for roster in (before, after))
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        if was != now:
            yield Change(f"Inspection {key}: {_planned(now)}, before {_planned(was)}.")


def _planned(inspection: PlannedInspection | None) -> str:
    if inspection is None:
        return "none"
    days = span_words(inspection.starts, inspection.ends) or "dates not set"
    more = [
        inspection.phase,
        f"follows {inspection.follows}" if inspection.follows else "",
        f"methodology {inspection.methodology}" if inspection.methodology else "",
        f"marking {inspection.marking}" if inspection.marking else "",
        f"changed because: {inspection.reason}" if inspection.reason else "",
    ]
    return ", ".join([inspection.force, days, *filter(None, more)])
