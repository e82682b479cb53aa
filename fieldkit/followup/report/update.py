"""Makes the report, or makes it again over a file in which writers have changed some of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fieldkit.feedback.document.blocks import Block, Heading, Paragraph
from fieldkit.followup.report import docx_file, markdown_file
from fieldkit.followup.report.chapters import standing_words
from fieldkit.followup.report.draft import WITHIN, Section
from fieldkit.followup.report.found import END, Found
from fieldkit.followup.report.gather import Report
from fieldkit.followup.report.merge import (
    BOTH,
    KEPT,
    NEW_TEXT,
    RENEWED,
    WRITTEN,
    Fate,
    Made,
    Record,
    digest,
    fates,
    sources_of,
)
from fieldkit.service import RefusedError


@dataclass(frozen=True, slots=True)
class Outcome:
    """Holds the bytes of a report that was made, or made again.

    Attributes:
        data: all of the file.
        fates: what became of each section.
        of_writers: the texts that writers wrote and that stay, also beside the pages' own text.
        remarks: what the template or the file lacked.
    """

    data: bytes
    fates: tuple[Fate, ...]
    of_writers: tuple[str, ...]
    remarks: tuple[str, ...]


def made(report: Report, ending: str, template: Path | None = None) -> Outcome:
    """Return a new file; raises `TemplateError`."""
    data, remarks, found = _new(report, ending, template)
    return Outcome(data, tuple(fates(report.sections, None, {}, found.texts)), (), remarks)


def made_again(report: Report, ending: str, data: bytes) -> Outcome:
    """Return a file made again over one that writers may have changed.

    Raises `RefusedError` where that file is no report of this inspection.
    """
    form, titles = _form(ending), _titles(report)
    found = form.found_in(data, titles)
    of = found.record.inspection if found.record else report.handover.inspection_id
    if not found.texts or of != report.handover.inspection_id:
        raise RefusedError(
            f"The file is no report of the inspection of {report.handover.force} that fieldkit "
            "wrote. Nothing was written; name another file."
        )
    _, _, fresh = _new(report, ending, None)
    known = fates(report.sections, found.record, found.texts, fresh.texts, found.marked)
    plan = _Plan(report, found, fresh, known)
    out, remarks = form.updated(
        data, titles, report, plan.order, plan.renewed, plan.record(fresh.texts)
    )
    if plan.beside:
        # What was put beside a writer's text is known by how it reads once it stands there.
        again = form.found_in(out, titles)
        record = plan.record({**fresh.texts, **{key: again.texts[key] for key in plan.beside}})
        out, remarks = form.updated(data, titles, report, plan.order, plan.renewed, record)
    of_writers = (*plan.of_writers, *form.unseen_words(out))
    return Outcome(out, (*known, *plan.gone), of_writers, remarks)


class _Form(Protocol):
    """Reads and writes one format."""

    def written(
        self, report: Report, record: Record, template: Path | None = None
    ) -> tuple[bytes, tuple[str, ...]]: ...

    def found_in(self, data: bytes, titles: dict[str, str]) -> Found: ...

    def unseen_words(self, data: bytes) -> list[str]: ...

    def updated(
        self,
        data: bytes,
        titles: dict[str, str],
        report: Report,
        order: Sequence[str],
        renewed: dict[str, Sequence[Block]],
        record: Record,
    ) -> tuple[bytes, tuple[str, ...]]: ...


class _Plan:
    """Says of each section of a file whether it stays or is made anew, and in which order."""

    def __init__(self, report: Report, found: Found, fresh: Found, known: Sequence[Fate]) -> None:
        self._report, self._found = report, found
        self._sections = {one.key: one for one in report.sections}
        self._fates = {one.key: one.what for one in known}
        self.order = [key for key in found.texts if key != END]
        self.renewed: dict[str, Sequence[Block]] = {}
        self.beside: dict[str, str] = {}
        self.gone: list[Fate] = []
        self._take_out()
        before = ""
        for one in report.sections:
            if self._fates[one.key] in (RENEWED, WRITTEN):
                self.renewed[one.key] = report.printed(one)
            if self._fates[one.key] == WRITTEN:
                self._put_after(before, one.key)
            if self._fates[one.key] == BOTH:
                self._put_beside(one)
            before = one.key
        writers = {KEPT, BOTH}
        self.of_writers = tuple(
            text
            for key, text in (*found.texts.items(), ("", found.head), ("", found.tail))
            if text
            and key not in self.renewed
            and (key not in self._sections or self._fates[key] in writers)
            and key != END
        )

    def record(self, texts: Mapping[str, str]) -> Record:
        """Return what is to be known of each section the next time."""
        known: dict[str, Made] = dict(self._found.record.made) if self._found.record else {}
        known = {key: one for key, one in known.items() if key in self.order}
        for key, what in self._fates.items():
            if what != KEPT:
                known[key] = Made(sources_of(self._sections[key]), digest(texts[key]))
        for key, of in self.beside.items():
            known[key] = Made(sources_of(self._sections[of]), digest(texts.get(key, "")))
        return Record(self._report.handover.inspection_id, self._report.with_basis, known)

    def _take_out(self) -> None:
        """Take out what the report no longer has, such as the annex; a writer's text stays."""
        for key in [one for one in self.order if one not in self._sections and NEW_TEXT not in one]:
            if self._is_ours(key):
                self.order.remove(key)
            else:
                self.gone.append(Fate(key, key, KEPT))

    def _put_after(self, before: str, key: str) -> None:
        places = [at for at, one in enumerate(self.order) if one.split(NEW_TEXT)[0] == before]
        self.order.insert(places[-1] + 1 if places else 0, key)

    def _put_beside(self, section: Section) -> None:
        """Put the new text of a section after a writer's, in place of an earlier new text."""
        number, key = 1, f"{section.key}{NEW_TEXT}"
        while key in self.order and not self._is_ours(key):
            number += 1
            key = f"{section.key}{NEW_TEXT}{number}"
        if key not in self.order:
            self._put_after(section.key, key)
        say = standing_words()["both"]
        title = section.title or self._report.handover.document.title
        blocks = [one for one in self._report.printed(section) if not _begins_part(one)]
        self.renewed[key] = [
            Heading(say["title"].format(title=title), WITHIN),
            Paragraph(say["lead"]),
            *blocks[1:],
        ]
        self.beside[key] = section.key

    def _is_ours(self, key: str) -> bool:
        """Say whether a section stands there as fieldkit wrote it."""
        last = self._found.record.made.get(key) if self._found.record else None
        text = self._found.texts.get(key, "")
        return last is not None and digest(text) == last.text and key not in self._found.marked


def _begins_part(block: Block) -> bool:
    return isinstance(block, Heading) and block.new_page


def _new(
    report: Report, ending: str, template: Path | None
) -> tuple[bytes, tuple[str, ...], Found]:
    """Return a new file, the remarks on its template, and what stands in it as it is read back."""
    form, titles = _form(ending), _titles(report)
    nothing = Record(report.handover.inspection_id, report.with_basis, {})
    data, _ = form.written(report, nothing, template)
    found = form.found_in(data, titles)
    known = {
        one.key: Made(sources_of(one), digest(found.texts[one.key])) for one in report.sections
    }
    record = Record(report.handover.inspection_id, report.with_basis, known)
    data, remarks = form.written(report, record, template)
    return data, remarks, found


def _titles(report: Report) -> dict[str, str]:
    return {one.key: one.title for one in report.sections}


def _form(ending: str) -> _Form:
    return markdown_file if ending == ".md" else docx_file
