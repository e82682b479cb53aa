"""On whose word our initial grades rest, where it is not the inspector's own alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import SimpleNamespace

from sqlmodel import Session

from fieldkit.wording.labels import person_name
from storage.history.reveals import first_reveals, revealed_write
from storage.ops.op import Op
from storage.records import Reveal


def initial_checks(
    s: Session,
    reveals: Iterable[Reveal],
    cases: Iterable[SimpleNamespace],
    names: Mapping[str, str],
    ops: Mapping[str, list[Op]],
) -> list[str]:
    """Return what a reader has to know of initial grades, as sentences.

    A colleague who shows themselves the force's grade before an exchange reveals the grade that
    they have of us, which may be an earlier one; their program may also say so afterwards. And
    of an entry that was redacted the grade is what the redaction says, once its bytes are gone.

    Args:
        s: a session.
        reveals: all of an inspection.
        cases: its cases; those withdrawn are left out.
        names: of persons, by id.
        ops: those of the overall grades (:func:`storage.history.reveals.overall_ops`).
    """
    by_case: dict[str, list[Reveal]] = defaultdict(list)
    for reveal in reveals:
        by_case[reveal.case_id].append(reveal)
    first = first_reveals(s, (one for several in by_case.values() for one in several))
    sentences = []
    for case in cases:
        if case.withdrawn or case.id not in first:
            continue
        counting = first[case.id]
        write = revealed_write(s, counting, ops)
        if write is None:
            continue
        others = sorted(
            f"{one.grade} ({person_name(names, one.by)})"
            for one in by_case[case.id]
            if one.grade != counting.grade and revealed_write(s, one, ops) is not None
        )
        if others:
            sentences.append(
                f"Case {case.reference}: the force's grade was revealed beside different grades of "
                f"ours: {counting.grade} ({person_name(names, counting.by)}), and later "
                f"{', '.join(others)}. The first counts as our initial grade; whoever revealed it "
                "need not have had the later one, nor its author have known of the reveal."
            )
        if write.redacted_by:
            redactor = person_name(names, write.redacted_by)
            sentences.append(
                f"Case {case.reference}: the words of the entry with our initial grade, "
                f"{counting.grade}, were redacted by {redactor}, who is not its author. That "
                "it gave this grade is what the redaction says."
            )
    return sentences
