"""How a piece of evidence bears on a point, or on the progress of a recommendation."""

from __future__ import annotations

from typing import TypeVar

from sqlmodel import Session

from fieldkit.service import person
from storage.history.history import revision
from storage.records import Support
from storage.records.recommendation import RecommendationLink

AnyLink = TypeVar("AnyLink", Support, RecommendationLink)


def bear(
    s: Session,
    kind: type[AnyLink],
    link_id: str,
    evidence: tuple[str, str],
    relation: str,
    why: str,
    **place: str,
) -> AnyLink:
    """Link a piece of evidence as it stands now; where it is linked already, say it anew.

    Args:
        s: a writing session.
        kind: the kind of link.
        link_id: its id.
        evidence: kind and id of the record that bears.
        relation: "supports", "contradicts" or "context".
        why: how it bears.
        place: the fields that say where the link belongs.
    """
    evidence_kind, evidence_id = evidence
    values = {
        "relation": relation,
        "why": why.strip(),
        "revision": revision(s, evidence_kind, evidence_id),
        "by": person(s),
    }
    link = s.get(kind, link_id)
    if link is None:
        identity = {"evidence_kind": evidence_kind, "evidence_id": evidence_id, **place}
        link = kind.make(id=link_id, **identity, **values)
        s.add(link)
    else:
        link.change(**values)
    s.flush()
    return link
