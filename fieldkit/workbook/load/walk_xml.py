"""Walks through the XML of a workbook's part, tag by tag; no tree is ever held."""

from __future__ import annotations

import io
from collections.abc import Callable
from xml.parsers import expat

PIECE_BYTES = 1 << 18
"""Bytes that are handed to the parser at once."""


def walk_xml(
    data: bytes,
    start: Callable[[str, dict[str, str]], object],
    end: Callable[[str], object],
    text: Callable[[str], object],
) -> None:
    """Tell of each tag that begins and ends, and of the text between.

    Raises `expat.ExpatError` for XML that is not well formed, and what the three functions raise.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    source = io.BytesIO(data)
    while piece := source.read(PIECE_BYTES):
        parser.Parse(piece, False)
    parser.Parse(b"", True)
