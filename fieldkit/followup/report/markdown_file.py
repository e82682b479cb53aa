"""The report as Markdown: where each section begins is a comment that no reader sees.

What the sections were made from stands in such a comment too, so that a later run knows which of
them a writer has changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from fieldkit.feedback.document.blocks import Block
from fieldkit.feedback.document.markdown_output import block_text, words_text
from fieldkit.feedback.handover.give import NO_LOOKS
from fieldkit.followup.report.chapters import FRONT
from fieldkit.followup.report.found import END, Found, read_record, record_data
from fieldkit.followup.report.gather import Report
from fieldkit.followup.report.merge import Record
from fieldkit.service import RefusedError

_MARK = re.compile(r"^<!-- fieldkit: ([a-z_0-9]+) -->[ \t]*$", re.M)
_RECORD = re.compile(r"^<!-- fieldkit made: (.*?) -->[ \t]*$", re.M)
_PART = re.compile(r"(?:^---\s+)?^##? [^\n]*\n\s*\Z", re.M)
"""The heading of a part, which stands before that of its first chapter."""
_SIGNS = re.compile(r"\\([\\`*_\[\]<>|#~.)\-+=])")


def written(
    report: Report, record: Record, template: Path | None = None
) -> tuple[bytes, tuple[str, ...]]:
    """Return the bytes of a new file, and that a template gives no looks to it."""
    parts = [(one.key, _text(report, one.key, report.printed(one))) for one in report.sections]
    foot = words_text(report.handover.document.foot)
    data = _whole(_marking(report), [*parts, (END, foot)], record, _marking(report))
    return data, (NO_LOOKS,) if template is not None else ()


def found_in(data: bytes, titles: Mapping[str, str]) -> Found:
    """Return what stands in a file: each section by its mark or, where that is lost, its heading.

    Raises `RefusedError` for what is no text.
    """
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise RefusedError(
            "The file could not be read as text in UTF-8. Nothing was written; save it as UTF-8 "
            "and try again."
        ) from None
    recorded = _RECORD.search(text)
    before, after = (
        (text, "") if recorded is None else (text[: recorded.start()], text[recorded.end() :])
    )
    places = {
        match[1]: (match.start(), match.end()) for match in reversed(list(_MARK.finditer(before)))
    }
    for key, title in titles.items():
        if title and key not in places and (place := _heading(before, title)) is not None:
            places[key] = (place, place)
    order = sorted(places, key=lambda key: places[key])
    if not order:
        return Found(None, {}, frozenset(), before.strip("\n"), after.strip("\n"))
    ends = [places[key][0] for key in order[1:]] + [len(before)]
    texts = {
        key: before[places[key][1] : end].strip("\n") for key, end in zip(order, ends, strict=True)
    }
    head = before[: places[order[0]][0]]
    if FRONT not in texts:
        head, _, texts[FRONT] = head.lstrip("\n").partition("\n")
        texts = {FRONT: texts.pop(FRONT).strip("\n"), **texts}
    return Found(
        record=read_record(_json(recorded[1])) if recorded else None,
        texts=texts,
        marked=frozenset(),
        head=head.strip("\n"),
        tail=after.strip("\n"),
    )


def unseen_words(data: bytes) -> list[str]:
    """Return nothing: all of a text file is its text."""
    return []


def updated(
    data: bytes,
    titles: Mapping[str, str],
    report: Report,
    order: Sequence[str],
    renewed: Mapping[str, Sequence[Block]],
    record: Record,
) -> tuple[bytes, tuple[str, ...]]:
    """Return the bytes of a file with some sections made anew, all others as they are.

    Args:
        data: the file as it was found.
        titles: the title of each section, by which one is found whose mark was lost.
        report: the report as it is now.
        order: the keys of all sections in their order.
        renewed: the blocks of those that are made anew, by their keys.
        record: what is to be known the next time.
    """
    found = found_in(data, titles)
    parts = [
        (key, _text(report, key, renewed[key]) if key in renewed else found.texts[key])
        for key in order
        if key != END
    ]
    foot = words_text(report.handover.document.foot)
    known = found.texts.get(END, "").strip()
    if not known or re.fullmatch(r"[^\n]*, version \d+", known):
        known = foot
    parts.append((END, known))
    marking = _marking(report)
    head, tail = (
        each if marking in each else f"{marking}\n\n{each}".strip()
        for each in (found.head, found.tail)
    )
    return _whole(head, parts, record, tail), ()


def _whole(head: str, parts: Iterable[tuple[str, str]], record: Record, tail: str) -> bytes:
    sections = [f"<!-- fieldkit: {key} -->\n\n{text}" for key, text in parts]
    made = f"<!-- fieldkit made: {json.dumps(record_data(record), sort_keys=True)} -->"
    return ("\n\n".join(filter(None, [head, *sections, made, tail])) + "\n").encode("utf-8")


def _text(report: Report, key: str, blocks: Sequence[Block]) -> str:
    document = report.handover.document
    title = [f"# {words_text(document.title)}", words_text(document.subtitle)]
    return "\n\n".join([*(title if key == FRONT else []), *map(block_text, blocks)])


def _heading(text: str, title: str) -> int | None:
    """Return where the heading of a title begins, that of its part before it; None for none."""
    for match in re.finditer(r"^#+[ \t]+(.*?)[ \t]*$", text, re.M):
        if _SIGNS.sub(r"\1", match[1]) == title:
            part = _PART.search(text[: match.start()])
            return part.start() if part is not None else match.start()
    return None


def _marking(report: Report) -> str:
    return f"**{words_text(report.handover.marking)}**"


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None
