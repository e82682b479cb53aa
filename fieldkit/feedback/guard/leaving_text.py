"""A text that a person typed and that is about to leave, with the record it stands in."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LeavingText:
    """Holds a text that leaves: in which field of which record it stands, and its words."""

    kind: str
    record_id: str
    field: str
    text: str


@dataclass(slots=True)
class LeavingTexts:
    """Collects every text of a person's while what is to leave is put together.

    Whoever puts such words into what leaves takes them by :meth:`carry`, so that whatever looks
    through the words sees all of them, with the record to correct.
    """

    texts: list[LeavingText] = field(default_factory=list)

    def carry(self, kind: str, record_id: str, name: str, text: str) -> str:
        """Return the words of a record's field as they are, noting that they leave."""
        if text.strip():
            self.texts.append(LeavingText(kind, record_id, name, text))
        return text
