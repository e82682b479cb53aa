"""How readable a picture of the app is: each text beside the ground that it stands on."""

from __future__ import annotations

import re
from collections.abc import Iterator

FLOORS = {"dark": 4.5, "light": 4.5, "contrast": 7.0}
"""The least contrast of text in each theme (WCAG 2.2, 1.4.3 and 1.4.6)."""
_RULE = re.compile(r"\.([\w-]+-r\d+) \{ fill: (#[0-9a-f]{6})")
_TEXT = re.compile(r'<text class="([\w-]+)" x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</text>')
_RECT = re.compile(
    r'<rect fill="(#[0-9a-f]{6})" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"'
)
_WORDS = re.compile(r"[^\W_]")


def linear(colour: str) -> tuple[float, float, float]:
    """Return a colour of six digits as linear sRGB, 0 to 1."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts
    )
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2)."""
    weights = (0.2126, 0.7152, 0.0722)
    bright = [
        sum(w * c for w, c in zip(weights, linear(each), strict=True)) for each in (one, other)
    ]
    return (max(bright) + 0.05) / (min(bright) + 0.05)


def pairs(picture: str) -> Iterator[tuple[str, str, str]]:
    """Yield each text of an exported picture with its colour and that of the ground under it.

    Lines, bars and signs without a letter or digit are no text.
    """
    colours = dict(_RULE.findall(picture))
    grounds = [
        (fill, *(float(one) for one in numbers)) for fill, *numbers in _RECT.findall(picture)
    ]
    for kind, x, y, text in _TEXT.findall(picture):
        if kind not in colours or not _WORDS.search(text.replace("&#160;", " ")):
            continue
        across, down = float(x) + 1, float(y) - 5
        under = [
            fill
            for fill, left, top, wide, high in grounds
            if left <= across < left + wide and top <= down < top + high
        ]
        if under:
            yield text.replace("&#160;", " ").strip(), colours[kind], under[-1]


def unreadable(picture: str, floor: float = 4.5) -> list[tuple[str, str, str, float]]:
    """Return what an exported picture draws too faintly: text, colour, ground, contrast."""
    return [
        (text, front, ground, round(contrast(front, ground), 2))
        for text, front, ground in dict.fromkeys(pairs(picture))
        if contrast(front, ground) < floor
    ]
