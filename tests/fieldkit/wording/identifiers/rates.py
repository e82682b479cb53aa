"""Measure how much of a corpus the recognisers stop, and how many clean sentences they mark.

    python tests/fieldkit/wording/identifiers/rates.py IDENTIFIERS CLEAN NAMES

IDENTIFIERS has lines of kind, identifier and text, or kind and text, between tabs. CLEAN has a
sentence a line, NAMES a name a line. Lines that begin with # are left out. Without files, those of
``corpus/``. What was missed, and what was marked wrongly, is printed.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from fieldkit.wording.identifiers.find import find_identifiers

CORPUS = Path(__file__).parent / "corpus"
TODAY = date(2026, 11, 30)
"""The day on which the texts were written; the age of a date is told by it."""


class Rates(NamedTuple):
    """Holds what was found in a corpus.

    Attributes:
        texts: the texts with an identifier, by kind.
        stopped: those of them in which it was found, by kind.
        missed: the texts in which it was not.
        clean: sentences without an identifier.
        marked: those in which one was found, with what it was.
    """

    texts: Counter[str]
    stopped: Counter[str]
    missed: list[str]
    clean: int
    marked: list[str]

    @property
    def share_stopped(self) -> float:
        return self.stopped.total() / self.texts.total()

    @property
    def share_marked(self) -> float:
        return len(self.marked) / self.clean


def lines_of(path: Path) -> list[str]:
    """Return the lines of a corpus file that are no comment."""
    lines = path.read_text("utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def measure(identifiers: Path, clean: Path, names: Path) -> Rates:
    """Return the rates of a corpus."""
    known = lines_of(names)
    texts: Counter[str] = Counter()
    stopped: Counter[str] = Counter()
    missed, marked = [], []
    for line in lines_of(identifiers):
        kind, *identifier, text = line.split("\t")
        texts[kind] += 1
        if is_stopped(text, identifier[0] if identifier else "", known):
            stopped[kind] += 1
        else:
            missed.append(line)
    sentences = lines_of(clean)
    for sentence in sentences:
        wrongly = find_identifiers(sentence, known, today=TODAY)
        if wrongly:
            what = ", ".join(f"{one.kind} “{one.text}”" for one in wrongly)
            marked.append(f"{sentence}  [{what}]")
    return Rates(texts, stopped, missed, len(sentences), marked)


def measure_folder(folder: Path) -> Rates:
    """Return the rates of a folder that has all three files under their usual names."""
    return measure(*(folder / name for name in ("identifiers.tsv", "clean.txt", "names.txt")))


def measure_second(folder: Path) -> Rates:
    """Return the rates of a folder whose texts each have their own inspection's names."""
    texts: Counter[str] = Counter()
    stopped: Counter[str] = Counter()
    missed, marked = [], []
    for line in lines_of(folder / "identifiers.tsv"):
        kind, names, text = line.split("\t")
        texts[kind] += 1
        if is_stopped(text, "", names.split(";")):
            stopped[kind] += 1
        else:
            missed.append(line)
    sentences = lines_of(folder / "clean.tsv")
    for line in sentences:
        names, text = line.split("\t")
        if is_stopped(text, "", names.split(";")):
            marked.append(line)
    return Rates(texts, stopped, missed, len(sentences), marked)


def is_stopped(text: str, identifier: str, names: Sequence[str]) -> bool:
    """Say whether something is found where the identifier stands, or at all if none is named."""
    found = find_identifiers(text, names, today=TODAY)
    start = _plain(text).find(_plain(identifier))
    if not identifier or start < 0:
        return bool(found)
    end = start + len(identifier)
    return any(one.start < end and start < one.end for one in found)


def _plain(text: str) -> str:
    return text.replace("’", "'")


if __name__ == "__main__":
    given = [Path(name) for name in sys.argv[1:4]]
    rates = measure(*given) if given else measure_folder(CORPUS)
    for missing in rates.missed:
        print("missed:", missing)
    for wrong in rates.marked:
        print("marked:", wrong)
    for kind, count in rates.texts.items():
        print(f"{kind}: {rates.stopped[kind]} of {count} stopped")
    print(f"stopped {rates.share_stopped:.1%}; clean sentences marked {rates.share_marked:.1%}")
