"""How data is printed with ``--json``."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

from fieldkit.wording.format import clean


def to_json(data: object) -> str:
    """Return JSON with plain Unicode, but no character in it that a terminal would act on.

    Records, dataclasses and paths may stand anywhere in the data.
    """
    text = json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False, default=plain)
    return clean(text, _escaped)


def plain(data: Any) -> Any:
    """Return the fields of a dataclass or a record as a mapping, and a path as text."""
    if isinstance(data, Path):
        return str(data)
    if is_dataclass(data) and not isinstance(data, type):
        return asdict(data)
    return record_data(data) if hasattr(data, "field_names") else data


def record_data(record: Any) -> dict[str, Any]:
    """Return the id and the fields of a record."""
    return {"id": record.id} | {name: getattr(record, name) for name in record.field_names()}


def _escaped(match: re.Match[str]) -> str:
    """Return a character as JSON escapes it: above U+FFFF as two surrogates.

    Half a character stands for a byte in the name of a file that is no UTF-8, and passes as it is.
    """
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
