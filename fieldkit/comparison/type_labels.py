"""What the types of an inspection's cases are called, as its own list writes them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from types import SimpleNamespace

from fieldkit.methodology import Methodology, canonical


class TypeLabels:
    """Holds case types as the inspection's own list writes them.

    Spellings that mean one type of the methodology are one type here, called by the spelling that
    most cases have; a type the methodology does not know is called as it is written.
    """

    def __init__(self, methodology: Methodology, known: Iterable[SimpleNamespace]) -> None:
        self._methodology = methodology
        self._keys: dict[str, str] = {}
        spellings: dict[str, Counter[str]] = defaultdict(Counter)
        for case in known:
            for case_type in case.types:
                spellings[self._key(case_type)][case_type.strip()] += 1
        self._labels = {key: self._best(key, counts) for key, counts in spellings.items()}
        terms = [one.key for one in methodology.case_types]
        own = sorted(key for key in self._labels if key not in terms)
        self.order = tuple(self._labels[key] for key in (*terms, *own) if key in self._labels)

    def of(self, case: SimpleNamespace) -> tuple[str, ...]:
        """Return the labels of a case's types, each once."""
        return tuple(dict.fromkeys(self._labels[self._key(one)] for one in case.types))

    def _key(self, written: str) -> str:
        if written not in self._keys:
            term = self._methodology.case_type(written)
            self._keys[written] = term.key if term else f"own:{canonical(written)}"
        return self._keys[written]

    def _best(self, key: str, counts: Counter[str]) -> str:
        # A bare key is how fieldkit keeps a type that was chosen from its own list; a lone word
        # of a list may be a code.
        written: Counter[str] = Counter()
        for word, count in counts.items():
            if word != key:
                written[self._methodology.type_label(word)] += count
        if written:
            return min(written, key=lambda one: (-written[one], one))
        return next(one.label for one in self._methodology.case_types if one.key == key)
