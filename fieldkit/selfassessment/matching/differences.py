"""In which characters two references differ, and what that comes to in a few words."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz.distance import Hamming, Levenshtein

from fieldkit.selfassessment.matching.references import canonical
from storage.ops.text import many

ANOTHER = "another reference"
OTHERWISE = "written otherwise"
_READ_TO = 200
"""Characters of a reference that are compared; a longer one is a sentence."""


@dataclass(frozen=True, slots=True)
class Part:
    """Holds some characters of a reference.

    Attributes:
        text: the characters; empty where the other reference has some that this one lacks.
        differs: they are not those of the other.
    """

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """Holds a reference of ours beside a force's.

    Attributes:
        parts: ours, cut where it begins or ends to differ.
        words: how far they differ; empty where they are the same.
    """

    parts: tuple[Part, ...]
    words: str


def difference(theirs: str, ours: str) -> Difference:
    """Return where our reference differs from the force's, capital letters apart.

    Two references of which more than half differs are told to be others, and are lit whole.
    """
    if not ours:
        return Difference((), "none kept")
    if not theirs:
        return Difference((Part(ours, False),), "none there")
    one, other = _folded(theirs[:_READ_TO]), _folded(ours[:_READ_TO])
    if one == other:
        return Difference((Part(ours, False),), "" if len(ours) <= _READ_TO else OTHERWISE)
    distance = Levenshtein.distance(one, other)
    same = bool(canonical(ours)) and canonical(theirs) == canonical(ours)
    if not same and distance * 2 > max(len(one), len(other)):
        return Difference((Part(ours, True),), ANOTHER)
    spans = _spans(one, other, distance)
    return Difference(_cut(ours, spans), OTHERWISE if same else _words(one, other, distance, spans))


def _folded(text: str) -> str:
    """Return small letters for capitals, each character still in its place."""
    return "".join(low if len(low := each.casefold()) == 1 else each for each in text)


def _spans(one: str, other: str, distance: int) -> list[tuple[int, int]]:
    """Return where the other differs; a span without a character is where it lacks one."""
    if len(one) == len(other) and Hamming.distance(one, other) == distance:
        pairs = enumerate(zip(one, other, strict=True))
        return [(at, at + 1) for at, (first, second) in pairs if first != second]
    steps = Levenshtein.opcodes(one, other)
    return [(step.dest_start, step.dest_end) for step in steps if step.tag != "equal"]


def _cut(ours: str, spans: list[tuple[int, int]]) -> tuple[Part, ...]:
    parts: list[Part] = []
    before = 0
    for start, end in spans:
        if start > before:
            parts.append(Part(ours[before:start], False))
        if parts and parts[-1].differs and start < end:
            parts[-1] = Part(parts[-1].text + ours[start:end], True)
        else:
            parts.append(Part(ours[start:end], True))
        before = end
    if before < len(ours):
        parts.append(Part(ours[before:], False))
    return tuple(parts)


def _words(one: str, other: str, distance: int, spans: list[tuple[int, int]]) -> str:
    digits = all(other[start:end].isdigit() for start, end in spans if start < end)
    lacking = len(one) - len(other)
    digits = digits and (lacking <= 0 or sum(map(str.isdigit, one)) >= lacking)
    noun = "digit" if digits else "character"
    if distance == abs(lacking):
        return f"{many(distance, noun)} {'fewer' if lacking > 0 else 'more'}"
    if distance == 2 and len(spans) == 2 and sorted(one) == sorted(other):
        return f"2 {noun}s swapped"
    return f"{many(distance, noun)} {'differs' if distance == 1 else 'differ'}"
