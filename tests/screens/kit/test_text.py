"""What is taken out of a text before it reaches the screen."""

from __future__ import annotations

import pytest

from fieldkit.wording.format import clean, line, shorten


def test_what_acts_on_a_terminal_or_has_no_width_is_taken_out() -> None:
    nasty = "a\x1b[1mb\x9b\u202ec\u061cd\u200be\u200cf\u200dg\u2060h\ufeffi\U000e0001j\U000e007fk"
    assert clean(nasty) == "a[1mbcdefghijk"
    assert clean("Siân Ŵyn\tκ\n") == "Siân Ŵyn\tκ\n"
    assert line("one\ntwo\tthree", 40) == "one two three"


WALES = "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
RAINBOW = "\U0001f3f3\ufe0f\u200d\U0001f308"
NURSE = "\U0001f469\U0001f3fd\u200d\u2695\ufe0f"


@pytest.mark.parametrize("sign", [WALES, FAMILY, RAINBOW, NURSE, "\U0001f1ec\U0001f1e7", "e\u0323"])
def test_a_sequence_of_emoji_stays_whole(sign: str) -> None:
    assert clean(f"before {sign} after") == f"before {sign} after"
    for width in range(1, 12):
        cut = shorten(f"ab{sign}cd{sign}{sign}ef", width)
        assert len(cut) <= width and cut.endswith("…")
        assert cut[:-1].replace(sign, "").strip("abcdef") == ""


def test_tags_and_joiners_elsewhere_are_taken_out() -> None:
    hidden = "\U000e0061\U000e0062"
    assert clean(f"a{hidden}b\u200dc\U0001f3f4{hidden}d") == "abc\U0001f3f4d"
    assert clean(f"{WALES}{hidden}") == "\U0001f3f4"
