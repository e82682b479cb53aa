"""Types of case as people write them, and as they are kept."""

from __future__ import annotations

from collections.abc import Iterable

from fieldkit.methodology import CaseType, Methodology
from fieldkit.service import RefusedError
from storage.ops.meant import choices


def type_keys(methodology: Methodology, written: Iterable[str]) -> list[str]:
    """Return case types as they are kept, each once, read as a workbook's are.

    Raises `RefusedError` for an unknown one.
    """
    keys: dict[str, None] = {}
    for word in written:
        term = methodology.case_type(word)
        terms = [term] if term else _types_in(methodology, word)
        if not terms:
            known = choices(word, (each.label for each in methodology.case_types))
            raise RefusedError(
                f"“{word}” is not a type of case here. Nothing was changed; the types are {known}"
            )
        keys |= dict.fromkeys(each.key for each in terms)
    return list(keys)


def _types_in(methodology: Methodology, written: str) -> list[CaseType]:
    # Late: comparing words takes memory that most sessions never need.
    from fieldkit.workbook.values.case_types import CaseTypes

    known = {each.label: each for each in methodology.case_types}
    words = CaseTypes({label: (each.key, *each.aliases) for label, each in known.items()})
    return [known[label] for label in words.read(written)]
