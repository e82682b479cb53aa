"""Offered passphrases are random, plain and fit to be read aloud; easy ones are named."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from storage.crypto import passphrase
from storage.crypto.passphrase import entropy_bits, generate, weakness_of, word_list


def lines(name: str) -> list[str]:
    return files(passphrase).joinpath(name).read_text("ascii").splitlines()


def test_four_words_from_the_list() -> None:
    known = set(word_list())
    made = [generate() for _ in range(300)]
    assert len(set(made)) == 300
    for phrase in made:
        assert len(phrase.split(" ")) == 4
        assert set(phrase.split(" ")) <= known
        assert weakness_of(phrase) is None


def test_more_words_but_never_fewer() -> None:
    assert len(generate(6).split(" ")) == 6
    with pytest.raises(ValueError, match="four words"):
        generate(3)


def test_entropy_left_after_the_stop_list() -> None:
    assert len(word_list()) == 6778
    assert 50.9 < entropy_bits() < 51
    assert entropy_bits(5) > 63
    readme = files(passphrase).joinpath("README.md").read_text("utf-8")
    assert "6,778 words are left" in readme
    assert "Creative Commons Attribution 3.0" in readme


def test_the_published_list_is_whole() -> None:
    published = lines("eff_large.txt")
    assert len(published) == len(set(published)) == 7776


def test_words_are_plain_to_type() -> None:
    assert all(re.fullmatch("[a-z]{3,9}", word) for word in word_list())


def test_every_unfit_word_is_one_of_the_list_and_is_never_offered() -> None:
    unfit = [word for word in lines("unfit.txt") if not word.startswith("#")]
    assert len(unfit) == len(set(unfit))
    assert set(unfit) <= set(lines("eff_large.txt"))
    assert not set(unfit) & set(word_list())


@pytest.mark.parametrize(
    "stem",
    "kill murder abus rape sex dead corps suicid tortur strangl mutilat molest nud naked drown "
    "child police prison".split(),
)
def test_no_word_of_the_worst_kinds_is_left(stem: str) -> None:
    found = [w for w in word_list() if w.startswith(stem) and w not in ("nudge", "sextant")]
    assert found == []


@pytest.mark.parametrize(
    "easy",
    [
        "",
        "short",
        "            x",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "123456789012345",
        "abcdefghijklmnop",
        "zyxwvutsrqponm",
        "Password123456",
        "Correct Horse Battery Staple",
        "Summer-2024-Police!",
        "qwertyuiopasdfghjklzxcvbnm",
        "my password is secret",
        "wafer onion sample",
    ],
)
def test_easy_ones_are_named(easy: str) -> None:
    said = weakness_of(easy)
    assert said is not None
    assert said.endswith(".")
    assert len(easy) < 8 or easy not in said


@pytest.mark.parametrize(
    "good",
    [
        "wafer onion sample tulip",
        "Llanfairpwllgwyngyll am byth",
        "k7#Vq2!mZ9@x",
        "the ferry left Fishguard without us",
        "дорога через тихий лес",
    ],
)
def test_no_rules_of_composition(good: str) -> None:
    assert weakness_of(good) is None
