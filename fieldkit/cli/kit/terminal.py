"""How text is made safe for a terminal and laid out in it."""

from __future__ import annotations

import os
import re
from typing import Any, TextIO

from storage.errors import FieldkitError

LONGEST_PASSPHRASE = 4096
"""Characters of the first line of a passphrase file; a longer one is refused, never cut."""


WIDTH = 80
"""Columns of what is printed where there is no terminal to ask."""


LEAST_WIDTH = 40
"""Columns that are used even where the terminal has fewer."""


_UNSEEN = (
    r"\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff"
    r"\U000e0000-\U000e007f"
)


_CONTROLS = re.compile(rf"[\x00-\x08\x0b-\x1f{_UNSEEN}]")
"""What must not reach a terminal out of a file or a record: C0, C1, direction marks, and what has
no width, by which two texts that differ would look the same."""


_NOT_ESCAPED = re.compile(f"[{_UNSEEN}]")


class PassphraseNotGivenError(FieldkitError):
    """A passphrase is needed and nobody could be asked."""


def clean(text: str) -> str:
    """The text without control and direction marks, and without what has no width."""
    return _CONTROLS.sub("", text)


def flat(text: str) -> str:
    """The text as :func:`clean` gives it, on one line: for the name of a file among our words."""
    return " ".join(clean(text).split())


def to_json(data: object) -> str:
    """JSON with plain Unicode, but no character in it that a terminal would act on."""
    import json

    text = json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False)
    return _NOT_ESCAPED.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    """A character as JSON escapes it: above U+FFFF as two surrogates.

    Half a character stands for a byte in the name of a file that is no UTF-8, and passes as it is.
    """
    units = found[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _columns(stream: TextIO) -> int:
    try:
        return max(os.get_terminal_size(stream.fileno()).columns, LEAST_WIDTH)
    except OSError:
        return WIDTH


def _broken(line: str, columns: int) -> list[str]:
    """A line broken between words; what was set in columns goes on below its last column."""
    import textwrap

    set_in = line.rfind("   ") + 3 if "   " in line.strip() else len(line) - len(line.lstrip())
    indent = " " * set_in
    return textwrap.wrap(line, columns, subsequent_indent=indent, drop_whitespace=True) or [""]


def record_data(record: Any) -> dict[str, Any]:
    """A record's fields as data for ``--json``."""
    return {"id": record.id} | {name: getattr(record, name) for name in record.field_names()}
