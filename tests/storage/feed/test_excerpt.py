from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.feed.search import SHOWN, Finder
from storage.ops.text import folded

LONG = " ".join(f"w{number}" for number in range(100))


@pytest.mark.parametrize(
    ("words", "begun", "text", "shown"),
    [
        (["traced"], False, "It was not traced.", "It was not «traced»."),
        (["trac"], True, "Not traced, not tracked.", "Not «traced», not «tracked»."),
        (["trac"], False, "Not traced.", "Not traced."),
        (["sian"], True, "Siân and SIÂN said", "«Siân» and «SIÂN» said"),
        (["a_b"], False, "a_b or a, b", "«a»_«b» or «a», «b»"),
        (["42", "26"], False, "42/1/26", "«42»/1/«26»"),
        ([], True, "nothing asked", "nothing asked"),
        (["finance"], False, "The ﬁnance team", "The «ﬁnance» team"),
        (["safeguarding"], False, "safe\u00adguarding lead", "«safe\u00adguarding» lead"),
        (["strasse"], False, "In der Straße.", "In der «Straße»."),
        (["straße"], False, "In der STRASSE.", "In der «STRASSE»."),
        (
            ["file"],
            False,
            "\uff26\uff29\uff2c\uff25 and ﬁle",
            "«\uff26\uff29\uff2c\uff25» and «ﬁle»",
        ),
        (["cafe"], False, "a café\u0301 there", "a «café»\u0301 there"),
        (["in", "inside"], True, "in inside insider", "«in» «inside» «insider»"),
    ],
)
def test_each_word_found_is_marked(words: list[str], begun: bool, text: str, shown: str) -> None:
    assert Finder(words, begun=begun).excerpt(text) == shown


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [("w0", "«w0»", "w23…"), ("w50", "…w44", "w67…"), ("w99", "…w76", "«w99»")],
)
def test_a_long_text_is_cut_around_the_first_word(word: str, first: str, last: str) -> None:
    words = Finder([word], begun=False).excerpt(LONG).split()
    assert len(words) == SHOWN and (words[0], words[-1]) == (first, last)


@given(st.text(max_size=60), st.text(max_size=8), st.booleans())
def test_nothing_of_the_text_is_altered(text: str, word: str, begun: bool) -> None:
    letters = folded(text)
    assert len(letters.text) == len(letters.starts) and sorted(letters.starts) == [*letters.starts]
    plain = text.replace("«", "").replace("»", "").replace("…", "")
    shown = Finder([word], begun=begun).excerpt(plain)
    assert shown.replace("«", "").replace("»", "").replace("…", "").rstrip() in plain
