"""Invented evidence for large vaults: the same words from the same seed, about nobody."""

from __future__ import annotations

import random

WORDS = (
    "the officer saw the child alone and recorded what was said strategy discussion held within "
    "hours supervisor reviewed the plan without rationale missing episode return interview was "
    "offered school nurse raised concern handover between shifts unclear risk assessment completed "
    "late referral to partner agency acknowledged custody record shows appropriate adult delayed "
    "trusted adult family told of each decision investigation drifted until the outcome letter "
    "domestic abuse form graded medium safeguarding action agreed with social care meeting minutes "
    "not on file body worn video reviewed voice of siblings heard body map attached exploitation "
    "marker placed on intelligence system duplicate occurrence linked evidence of good curiosity"
).split()


class Inventor:
    """Draws references, sentences and choices from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._rare = [
            f"{one}{number}" for one in ("alder", "birch", "cedar") for number in range(80)
        ]

    def sentence(self, least: int = 10, most: int = 36) -> str:
        """Make a remark of so many words; one in four holds a word that few remarks have."""
        words = self._random.choices(WORDS, k=self._random.randint(least, most))
        if self._random.random() < 0.25:
            words[-1] = self._random.choice(self._rare)
        return " ".join(words).capitalize() + "."

    def one(self, *choices: str) -> str:
        """Draw one of several words."""
        return self._random.choice(choices)

    def number(self, least: int, most: int) -> int:
        """Draw a whole number between two, both included."""
        return self._random.randint(least, most)

    def reference(self) -> str:
        """Make a force's reference, as in 42/104233/26."""
        return f"{self.number(40, 49)}/{self.number(100_000, 130_000)}/{self.number(24, 26)}"
