"""What is found in a file of a report that may have been changed by its writers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fieldkit.followup.report.merge import Made, Record

END = "end"
"""What stands after the last section of a Markdown file: by what the document is known."""


@dataclass(frozen=True, slots=True)
class Found:
    """Holds what stands in a file of a report.

    Attributes:
        record: what the file says of how it was made; None where that was lost.
        texts: the text of each section, by its key, in the order of the file.
        marked: the keys of sections with a comment, a tracked change or a picture of a writer's.
        head, tail: what stands before the first and after the last section.
    """

    record: Record | None
    texts: Mapping[str, str]
    marked: frozenset[str]
    head: str = ""
    tail: str = ""


def record_data(record: Record) -> dict[str, object]:
    """Return a record as it is written into a file."""
    return {
        "inspection": record.inspection,
        "with_basis": record.with_basis,
        "made": {key: [one.sources, one.text] for key, one in record.made.items()},
    }


def read_record(data: object) -> Record | None:
    """Return what a file says of how it was made; None where it does not say it rightly."""
    match data:
        case {"inspection": str(inspection), "with_basis": bool(with_basis), "made": dict(made)}:
            known = {
                key: Made(*pair)
                for key, pair in made.items()
                if isinstance(pair, list)
                and len(pair) == 2
                and all(isinstance(x, str) for x in pair)
            }
            return Record(inspection, with_basis, known)
    return None
