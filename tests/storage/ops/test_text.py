"""Texts that people read: names in signed documents, where nothing is unseen, and sizes."""

from __future__ import annotations

import re
import sys
import unicodedata
from pathlib import Path

import pytest

from storage.ops.canonical_json import MalformedError
from storage.ops.text import comparable, is_one_line, read_name, read_text, size, tidy_line

FORMAT = Path(__file__).parents[3] / "docs" / "format.md"

HONEST = (
    "Ada",
    "Siân Ŵyn-Prŷs",
    "Seán O'Brien",
    "D’Arcy, Zoë-Anne",
    "Łukasz Żółć",
    "Nguyễn Thị Minh Khai",
    "عائشة بنت أبي بكر",
    "שָׁלוֹם",
    "王小明",
    "佐藤 さくら",
    "김민준",
    "आरती",
    "Σωκράτης",
)


@pytest.mark.parametrize("name", HONEST)
def test_honest_names_pass(name: str) -> None:
    name = unicodedata.normalize("NFC", name)
    assert read_name(name) == name == tidy_line(name)


SPACES = ["\x1f", "\x85", "\xa0", "\u1680", "\u2000", "\u2009", "\u202f", "\u205f", "\u3000"]
UNSEEN = [
    *("\xad", "\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u180b", "\u180e", "\u180f"),
    *("\u200b", "\u200d", "\u2028", "\u2065", "\u206a", "\u206f", "\u2800", "\u3164", "\ufe00"),
    *("\ufe0f", "\ufeff", "\uffa0", "\ufff9", "\ufffb", "\U0001bca0", "\U0001d173", "\U0001d17a"),
    *("\U000e0001", "\U000e0100", "\U000e01ef"),
]


@pytest.mark.parametrize("sign", [*SPACES, *UNSEEN], ids=ascii)
def test_what_does_not_show_is_refused(sign: str) -> None:
    for name in (f"A{sign}da", f"Ada{sign}", sign):
        assert not is_one_line(name)
        with pytest.raises(MalformedError, match="Nothing was changed"):
            read_name(name)
    assert tidy_line(f"A{sign}da") in ("Ada", "A da")
    assert tidy_line(sign) == ""


@pytest.mark.parametrize("name", ["", " ", " Ada", "Ada ", "\t", None, 5])
def test_an_empty_name_is_none(name: object) -> None:
    with pytest.raises(MalformedError):
        read_name(name)
    assert read_text("") == ""


def test_every_single_sign_is_judged_as_the_format_says() -> None:
    said = re.search(r"has none of U\+(.*?): controls", FORMAT.read_text("utf-8"), re.DOTALL)
    assert said is not None
    parts = re.findall(r"([0-9A-F]{4,5})(?:–([0-9A-F]{4,5}))?", said[1])
    ranges = [(int(first, 16), int(last or first, 16)) for first, last in parts]
    refused = {code for first, last in ranges for code in range(first, last + 1)}
    for code in range(sys.maxunicode + 1):
        sign = chr(code)
        text = f"+{sign}+"
        if unicodedata.normalize("NFC", text) != text or 0xD800 <= code < 0xE000:
            continue
        assert is_one_line(text) is (code not in refused), hex(code)
        assert code in refused or not unicodedata.category(sign).startswith("Z") or sign == " "


def test_names_that_a_reader_takes_for_one() -> None:
    assert {
        comparable(one) for one in ("Ada Love", "ADA  love", "\uff21\uff44\uff41 Love", "ada ﬂove")
    } == {
        "ada love",
        "ada flove",
    }
    assert len({comparable(one) for one in HONEST}) == len(HONEST)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1023, "1023 bytes"),
        (12 << 10, "12 KiB"),
        (3 << 19, "1.5 MiB"),
        (512 << 20, "512 MiB"),
        (1 << 30, "1 GiB"),
        (3 << 29, "1.5 GiB"),
        (59687003750, "56 GiB"),
    ],
)
def test_a_size_is_said_in_the_unit_that_a_person_would_choose(number: int, said: str) -> None:
    assert size(number) == said
