"""Triangulation: how independent the things are that a point rests on, in counts and words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

from fieldkit.evidence.evidence import METHODS, OWN_REMARK, Evidence, basis
from fieldkit.methodology import Methodology
from storage.ops.text import many
from storage.records import Support

SUPPORTS, CONTRADICTS, CONTEXT = "supports", "contradicts", "context"
UNSUPPORTED, RESTS_ON_NOTHING = "Nothing supports it yet", "rests on nothing yet"


@cache
def levels() -> Mapping[str, Mapping[str, int]]:
    """Return what makes support adequate or strong, from ``triangulation.toml``."""
    return tomllib.loads((files(__package__) / "triangulation.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class SupportStatus:
    """Holds one support of a point with its evidence as it now stands.

    Attributes:
        support: the link.
        evidence: the evidence; nothing where it has been deleted.
        changed: what it says has changed since it was linked.
    """

    support: Support
    evidence: Evidence | None
    changed: bool


@dataclass(frozen=True, slots=True)
class Meter:
    """Holds how many independent things support a point.

    Attributes:
        supports: supporting pieces of evidence.
        methods: distinct methods.
        sources: distinct source groups.
        inspectors: how many inspectors entered it.
        contradictions: contradicting pieces of evidence.
        answered: of them, those with a word on how they were weighed.
    """

    supports: int
    methods: tuple[str, ...]
    sources: tuple[str, ...]
    inspectors: int
    contradictions: int
    answered: int

    @property
    def strength(self) -> str:
        """Return one of "none", "thin", "adequate" and "strong"; a prompt, never a score."""
        if not self.supports:
            return "none"
        if self._reaches("strong") and self.answered == self.contradictions:
            return "strong"
        return "adequate" if self._reaches("adequate") else "thin"

    @property
    def words(self) -> str:
        """Return the meter as a sentence without a full stop."""
        text = UNSUPPORTED
        if self.supports:
            counts = [
                many(len(self.methods), "method"),
                many(len(self.sources), "source group"),
                many(self.inspectors, "inspector"),
            ]
            text = f"{self.strength.capitalize()}: {', '.join(counts)}"
        waiting = self.contradictions - self.answered
        if self.answered:
            text += f"; {many(self.answered, 'contradiction')} answered"
        if waiting:
            text += f"; {many(waiting, 'contradiction')} open"
        return text

    def _reaches(self, level: str) -> bool:
        wanted = levels()[level]
        return (
            len(self.methods) >= wanted["methods"]
            and len(self.sources) >= wanted["sources"]
            and self.inspectors >= wanted["inspectors"]
        )


class Bearing(Protocol):
    """Is what a link says of how a piece of evidence bears on a point."""

    @property
    def relation(self) -> str:
        """Return whether it supports, contradicts, or is context."""

    @property
    def why(self) -> str:
        """Return how it was weighed."""


class Gathered(Protocol):
    """Is what counts of a piece of evidence."""

    @property
    def method(self) -> str:
        """Return how it was gathered."""

    @property
    def source(self) -> str:
        """Return the source group."""

    @property
    def by(self) -> str:
        """Return who entered it."""


class Weighable(Protocol):
    """Is a link with the evidence as it now stands, or without where that was deleted."""

    @property
    def support(self) -> Bearing:
        """Return the link."""

    @property
    def evidence(self) -> Gathered | None:
        """Return the evidence."""


class Standing(Weighable, Protocol):
    """Is a link with the evidence as it now stands, and whether it is still what was linked."""

    @property
    def changed(self) -> bool:
        """Return whether what it says has changed since it was linked."""


def is_stale(link: Standing) -> bool:
    """Say whether the evidence is no longer what was linked."""
    return link.changed or link.evidence is None


def meter(links: Sequence[Weighable]) -> Meter:
    """Measure how independent the support is; deleted evidence and own remarks count not."""
    supporting = [one for one in links if one.support.relation == SUPPORTS and one.evidence]
    against = [one for one in links if one.support.relation == CONTRADICTS]
    sourced = [one.evidence for one in supporting if one.evidence]
    gathered = [one for one in sourced if one.method != OWN_REMARK]
    return Meter(
        supports=len(supporting),
        methods=tuple(sorted({one.method for one in gathered}, key=METHODS.index)),
        sources=tuple(sorted({one.source for one in gathered})),
        inspectors=len({one.by for one in gathered if one.by}),
        contradictions=len(against),
        answered=sum(bool(one.support.why.strip()) for one in against),
    )


def basis_sentence(methodology: Methodology, links: Sequence[SupportStatus]) -> str:
    """Say what a point rests on in counts, without references or roles: fit for the force."""
    scale = methodology.scale_for("case").labels

    def these(relation: str) -> str:
        return basis(
            (one.evidence for one in links if one.evidence and one.support.relation == relation),
            scale,
        )

    resting, against = these(SUPPORTS), these(CONTRADICTS)
    words = f"rests on {resting}" if resting else RESTS_ON_NOTHING
    return f"{words}; contradicted by {against}" if against else words


def basis_words(strength: str, rests: str, *, rests_first: bool = False) -> str:
    """Say strength and basis of a point in sentences, "nothing" said only once.

    Args:
        strength: :attr:`Meter.words`.
        rests: :func:`basis_sentence`.
        rests_first: the basis comes before the strength.
    """
    sentences = [f"{strength}.", f"It {rests}."]
    if strength.startswith(UNSUPPORTED) and rests.startswith(RESTS_ON_NOTHING):
        against = rests.removeprefix(RESTS_ON_NOTHING).removeprefix("; ")
        return f"{strength}." + (f" It is {against}." if against else "")
    return " ".join(reversed(sentences) if rests_first else sentences)
