"""Every pair of text and ground is readable, and grades differ for eyes that see fewer colours."""

from __future__ import annotations

from itertools import combinations

import pytest

from screens.kit.drawing import themes
from tests.screens.kit.contrast import contrast, linear

Colour = tuple[float, float, float]
GRADES = ("outstanding", "good", "adequate", "requires", "inadequate")
WITH_GROUND = ("key", "state", "match", "differs", "marking", *(f"grade-{one}" for one in GRADES))
HEATS = ("same-0", *(f"{name}-{n}" for name in ("same", "higher", "lower") for n in range(1, 5)))
LEAST_DIFFERENCE = 15
"""CIE 1976; about seven times what is just seen side by side."""

DICHROMATS = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
               (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
               (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
               (0.004733, 0.691367, 0.303900)),
}  # fmt: skip
"""How linear sRGB looks to them (Machado, Oliveira and Fernandes, 2009, severity 1)."""


def seen_by(eyes: str, colour: Colour) -> Colour:
    """Return a linear colour as it looks to these eyes."""
    red, green, blue = (
        min(max(sum(m * c for m, c in zip(row, colour, strict=True)), 0.0), 1.0)
        for row in DICHROMATS[eyes]
    )
    return red, green, blue


def lab(colour: Colour) -> Colour:
    """Return a linear colour as CIELAB under D65."""
    matrix = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    whole = [
        sum(m * c for m, c in zip(row, colour, strict=True)) / white
        for row, white in zip(matrix, (0.95047, 1.0, 1.08883), strict=True)
    ]
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in whole)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("name", themes.NAMES)
def test_every_text_can_be_read_on_every_ground_it_stands_on(name: str) -> None:
    table = themes.table_of(name)
    seen = {**table, **table["variables"]}
    grounds = ["background", "surface", "raised", "block-cursor-background"]
    grounds.append("block-cursor-blurred-background")
    texts = ["foreground", "text-muted", "key", "success", "warning", "error"]
    texts += [f"grade-{one}-text" for one in GRADES]
    pairs = [(text, ground) for text in texts for ground in grounds]
    pairs += [(f"grade-{one}-text", "marking-bar") for one in GRADES]
    pairs += [("key", "key-ground"), ("marking-bar-text", "marking-bar"), ("title", "surface")]
    pairs += [(f"{one}-on", one) for one in WITH_GROUND if one != "key"]
    pairs += [(f"heat-{one}-on", f"heat-{one}") for one in HEATS]
    pairs += [("background", "primary"), ("background", "focus")]
    low = {
        pair: round(contrast(seen[pair[0]], seen[pair[1]]), 2)
        for pair in pairs
        if contrast(seen[pair[0]], seen[pair[1]]) < table["floor"]
    }
    assert not low
    assert table["floor"] == (7 if name == "contrast" else 4.5)
    # What is no text, the edge of a field and of the panel with the keys, needs 3:1.
    assert min(contrast(seen[one], seen["surface"]) for one in ("edge", "focus", "border")) >= 3


@pytest.mark.parametrize("name", themes.NAMES)
@pytest.mark.parametrize("eyes", DICHROMATS)
def test_the_grades_differ_for_every_eye(name: str, eyes: str) -> None:
    seen = themes.table_of(name)["variables"]
    chips = {one: lab(seen_by(eyes, linear(seen[f"grade-{one}"]))) for one in GRADES}
    for one, other in combinations(GRADES, 2):
        apart = sum((a - b) ** 2 for a, b in zip(chips[one], chips[other], strict=True)) ** 0.5
        assert apart >= LEAST_DIFFERENCE, (one, other)


def test_the_themes_have_the_same_names_and_no_other_is_known() -> None:
    names = [set(themes.table_of(one)["variables"]) for one in themes.NAMES]
    assert names[0] == names[1] == names[2]
    assert [themes.theme(one).name for one in themes.NAMES] == [
        f"fieldkit-{one}" for one in themes.NAMES
    ]
    with pytest.raises(KeyError):
        themes.theme("sepia")
