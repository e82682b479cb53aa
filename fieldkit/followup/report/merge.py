"""What becomes of each section when the report is made again over a file that writers changed.

A writer's text is never lost: where a section was changed by hand it stays, and where what it is
made from has changed too, the new text is put after it, marked as new.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fieldkit.feedback.document.blocks import Facts, texts
from fieldkit.followup.report.draft import Section

WRITTEN, SAME, RENEWED, KEPT, BOTH = "written", "unchanged", "renewed", "kept", "both"
"""What becomes of a section: new in the file; as it was; ours, made anew; a writer's; both."""

NEW_TEXT = "_new"
"""At the end of a section's key: the new text that was put after a writer's."""


@dataclass(frozen=True, slots=True)
class Made:
    """Holds what is known of a section from when it was last made.

    Attributes:
        sources: the digest of all that it said then, with what each sentence rests on.
        text: the digest of the text that was written into the file.
    """

    sources: str
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """Holds what a file says of how it was made; it stands in the file itself.

    Attributes:
        inspection: of which inspection.
        with_basis: what each sentence rests on was printed.
        made: what is known of each section, by its key.
    """

    inspection: str
    with_basis: bool
    made: Mapping[str, Made]


@dataclass(frozen=True, slots=True)
class Fate:
    """Says what becomes of a section: its key, its title, and one of the words above."""

    key: str
    title: str
    what: str


def digest(text: str) -> str:
    """Return the digest of a text, whatever its blanks and line ends, in hexadecimal digits."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def sources_of(section: Section) -> str:
    """Return the digest of all that a section says, with what each sentence rests on.

    What stands at the head of the document is left out: its day and its version change each time.
    """
    said = (one for one in section.blocks if not isinstance(one, Facts))
    return digest("\n".join(text for block in said for text in texts(block)))


def fates(
    sections: Sequence[Section],
    record: Record | None,
    there: Mapping[str, str],
    now: Mapping[str, str],
    marked: frozenset[str] = frozenset(),
) -> list[Fate]:
    """Say what becomes of each section.

    Args:
        sections: the sections as they would be made now.
        record: what the file says of how it was made; None where that was lost.
        there: the text of each section that is found in the file, by its key.
        now: the text of each section as it would be written now.
        marked: the keys of sections with what no text shows, such as a comment or a change that is
            tracked: a writer has been there.
    """
    return [
        Fate(one.key, one.title, _fate(one, record, there, now, one.key in marked))
        for one in sections
    ]


def _fate(
    section: Section,
    record: Record | None,
    there: Mapping[str, str],
    now: Mapping[str, str],
    is_marked: bool,
) -> str:
    key = section.key
    if key not in there:
        return WRITTEN
    if digest(there[key]) == digest(now[key]):
        return KEPT if is_marked else SAME
    last = record.made.get(key) if record else None
    if last is not None and digest(there[key]) == last.text and not is_marked:
        return RENEWED
    # Where the record was lost, nobody can tell who wrote what stands there.
    return KEPT if last is not None and last.sources == sources_of(section) else BOTH


def told(known: Sequence[Fate]) -> list[str]:
    """Return what became of the sections, as sentences; nothing of a report that is new."""
    if all(one.what == WRITTEN for one in known):
        return []
    sentences = {
        KEPT: "Kept as the writers left it; what it is made from has not changed: {}.",
        BOTH: "Kept as the writers left it, with the new text after it, because what it is made "
        "from has changed: {}.",
        RENEWED: "Made anew, as no writer changed it: {}.",
        SAME: "Unchanged: {}.",
        WRITTEN: "Not found in the file and written into it: {}.",
    }
    found = []
    for what, sentence in sentences.items():
        names = [f"“{one.title or 'the first page'}”" for one in known if one.what == what]
        if names:
            found.append(sentence.format(", ".join(names)))
    return found
