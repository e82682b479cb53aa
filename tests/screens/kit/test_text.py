"""What is taken out of a text before it reaches the screen."""

from __future__ import annotations

from fieldkit.wording.format import clean, line


def test_what_acts_on_a_terminal_or_has_no_width_is_taken_out() -> None:
    nasty = "a\x1b[1mb\x9b\u202ec\u061cd\u200be\u200cf\u200dg\u2060h\ufeffi\U000e0001j\U000e007fk"
    assert clean(nasty) == "a[1mbcdefghijk"
    assert clean("Siân Ŵyn\tκ\n") == "Siân Ŵyn\tκ\n"
    assert line("one\ntwo\tthree", 40) == "one two three"
