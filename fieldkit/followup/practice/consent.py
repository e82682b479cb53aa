"""The force's consent that its practice is passed on; without it nothing of it leaves."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sqlmodel import Session

from fieldkit.evidence.points import WITHDRAWN
from fieldkit.feedback.debriefs.chain import chains
from fieldkit.followup.days import past_day
from fieldkit.followup.links import NOTABLE
from fieldkit.service import RefusedError, existing, filled, person
from fieldkit.wording.identifiers.plain_form import plain_form
from storage.conflicts.find import disputed_fields_of
from storage.ops.forces import comparable_force
from storage.ops.meant import choices
from storage.ops.text import comparable
from storage.records import Point, PracticeConsent
from storage.records.point import practice_consent_id

SHOWN, HIDDEN, REFUSED, TAKEN_BACK = "name shown", "name hidden", "refused", "withdrawn"
CONSENTS = (SHOWN, HIDDEN, REFUSED, TAKEN_BACK)
LONG_ENOUGH = 8
"""Letters of a force's name that stand in no other words by chance."""


@dataclass(frozen=True, slots=True)
class Consented:
    """Holds what a force says of passing its practice on.

    Attributes:
        consent: “name shown”, “name hidden”, “refused” or “withdrawn”; empty where nobody asked.
        given_on: on which day, ``YYYY-MM-DD``.
        given_by: by whom at the force, by role.
        remark: in words.
        undecided: two laptops recorded it differently, and nobody has decided; it counts for none.
    """

    consent: str = ""
    given_on: str = ""
    given_by: str = ""
    remark: str = ""
    undecided: bool = False

    @property
    def leaves(self) -> bool:
        """Say whether the practice may be passed on."""
        return self.consent in (SHOWN, HIDDEN) and not self.undecided

    @property
    def is_named(self) -> bool:
        """Say whether the force may be named."""
        return self.consent == SHOWN and not self.undecided


@cache
def words() -> Mapping[str, Mapping[str, Any]]:
    """Return the words of the collection, from ``words.toml``."""
    return tomllib.loads((files(__package__) / "words.toml").read_text("utf-8"))


def notable(s: Session, point_id: str) -> Point:
    """Return a point that is notable practice and stands; raises `RefusedError` for any other."""
    point = existing(s, Point, point_id)
    if point.sort != NOTABLE or point.state == WITHDRAWN:
        raise RefusedError(
            f"That point is no {NOTABLE} that stands. Nothing was changed; choose a point of that "
            "sort."
        )
    return point


def record_consent(
    s: Session, point_id: str, consent: str, given_by: str, on: str = "", remark: str = ""
) -> PracticeConsent:
    """Record what the force says of passing its practice on; again to record that it changed.

    Args:
        s: a writing session.
        point_id: which practice.
        consent: “name shown”, “name hidden”, “refused” or “withdrawn”.
        given_by: who said so at the force, by role.
        on: the day; today where it is empty.
        remark: in words; may be empty.

    Raises:
        RefusedError: the point is no notable practice, was not told and agreed in a debrief, the
            word is none of these, nobody is named, or the day is to come.
    """
    point = notable(s, point_id)
    wanted = {comparable(one): one for one in CONSENTS}.get(comparable(consent))
    if wanted is None:
        raise RefusedError(
            f"“{consent}” is no answer of a force on passing its practice on. Nothing was changed; "
            f"the answers are {choices(consent, CONSENTS)}"
        )
    refuse_words_not_agreed(s, point.id, wanted)
    values = {
        "consent": wanted,
        "given_by": filled(given_by, "Who said so at the force, by role,"),
        "given_on": past_day(s, on, "A consent"),
        "remark": remark.strip(),
        "by": person(s),
    }
    known = s.get(PracticeConsent, practice_consent_id(point.id))
    if known is None:
        known = PracticeConsent.make(inspection_id=point.inspection_id, point_id=point.id, **values)
        s.add(known)
    else:
        # The same again, after somebody else said otherwise, is said anew.
        known.change(**values).confirm("consent")
    s.flush()
    return known


def refuse_words_not_agreed(s: Session, point_id: str, consent: str) -> None:
    """Refuse a consent to pass on words that the force has not agreed in a debrief."""
    if consent in (SHOWN, HIDDEN) and not is_agreed(s, notable(s, point_id)):
        raise RefusedError(
            "The force has not agreed the words of this practice in a debrief, so it cannot "
            "consent that they are passed on. Nothing was changed; tell it in a debrief first."
        )


def consents(s: Session, point_ids: Iterable[str]) -> dict[str, Consented]:
    """Return what the forces say of passing on some practices, by the points' ids."""
    ids = {practice_consent_id(one): one for one in point_ids}
    undecided = disputed_fields_of(s.connection(), PracticeConsent.KIND, ids)
    known: dict[str, Consented] = {}
    for consent_id, point_id in ids.items():
        one = s.get(PracticeConsent, consent_id)
        known[point_id] = (
            Consented(one.consent, one.given_on, one.given_by, one.remark, consent_id in undecided)
            if one is not None
            else Consented()
        )
    return known


def is_agreed(s: Session, point: Point) -> bool:
    """Say whether the force agreed the words of a point, which stands."""
    chain = chains(s, point.inspection_id).get(point.id)
    return chain is not None and chain.told and chain.agreed and not chain.withdrawn


def named_in(force: str, text: str) -> str:
    """Return by which words a text names a force; empty where it does not.

    The whole of its own name counts, such as “North Wales”, each word that few forces have in
    theirs, such as “Avon”, and what else it is called. Letters that only look alike, and words run
    together as in an address, keep none from being found.
    """
    say = words()["names"]
    whole, stem = " ".join(_words_of(force)), comparable_force(force)
    own = [one for one in _words_of(force) if one not in say["common"]]
    read = " ".join(_words_of(text))
    names: list[str] = [whole, " ".join(_words_of(stem)), *own, *say["also"].get(stem, ())]
    for name in names:
        if name and re.search(rf"(?<!\w){re.escape(name)}(?:['’]s?)?(?!\w)", read):
            return name
    run_together = re.sub(r"\W", "", stem)
    forms = [f"{run_together}{ending}" for ending in ("police", "constabulary", "pcc")]
    if len(run_together) >= LONG_ENOUGH:
        forms.append(run_together)
    letters = re.sub(r"\W", "", read)
    return stem if any(one in letters for one in forms) else ""


def _words_of(text: str) -> list[str]:
    read = plain_form(text).text.casefold()
    return re.findall(r"[^\W_]+(?:['’][^\W_]+)*", read)
