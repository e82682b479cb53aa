"""What the value of a setting may be, how it is typed, and how it reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fieldkit.wording.format import clean
from storage.errors import FieldkitError

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_YES = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
LONGEST = 200
"""Characters of a text or folder at most: a marking is drawn in one or two lines."""


def fault(known: Mapping[str, Any], value: object) -> str:
    """Return what is wrong with a value, to follow the setting's name; empty where it fits."""
    kind = known["kind"]
    if kind == "yes or no":
        return "" if isinstance(value, bool) else "needs true or false"
    if kind == "choice":
        fits = isinstance(value, str) and value in known["choices"]
        return "" if fits else f"needs one of {_listed(known)}"
    if kind == "choices":
        fits = isinstance(value, list) and all(each in known["choices"] for each in value)
        return "" if fits else f"needs a list of {_listed(known)}"
    if kind == "number":
        least, most = known["least"], known["most"]
        fits = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return "" if fits else f"needs a whole number of minutes from {least} to {most}"
    if kind == "keys":
        fits = isinstance(value, dict) and all(isinstance(page, dict) for page in value.values())
        return "" if fits else "needs a table for each page, such as [keys.cases]"
    if not isinstance(value, str) or len(value) > LONGEST or clean(value) != value:
        return f"needs a text of at most {LONGEST} characters"
    if kind == "time" and value and not _TIME.fullmatch(value):
        return "needs a time such as 17:00"
    if kind == "folder" and value and not Path(value).is_absolute():
        return "needs the whole path of a folder, from its root on"
    return "needs one line" if "\n" in value else ""


def typed(known: Mapping[str, Any], text: str) -> Any:
    """Return the value that a person typed; raises where it does not fit, and says why."""
    value = _typed(known, text.strip())
    if wrong := fault(known, value):
        label = known["label"]
        raise FieldkitError(f"“{label}” {wrong}; “{text.strip()}” is none. Nothing was changed.")
    return value


def _typed(known: Mapping[str, Any], text: str) -> Any:
    kind = known["kind"]
    if kind == "yes or no":
        return _YES.get(text.casefold(), text)
    if kind == "choice":
        return text.casefold()
    if kind == "choices":
        return [one.strip().casefold() for one in text.split(",") if one.strip()]
    if kind == "number":
        digits = text.removesuffix(known["unit"]).strip()
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else text
    if kind == "folder" and text:
        return str(Path(text).expanduser())
    if kind == "time" and re.fullmatch(r"[0-9]([:.][0-9]{2})|[0-9]{2}\.[0-9]{2}", text):
        return text.replace(".", ":").rjust(5, "0")
    return text


def words(known: Mapping[str, Any], value: Any) -> str:
    """Return a value as a person reads it."""
    kind = known["kind"]
    if kind == "yes or no":
        return "yes" if value else "no"
    if not value and value != 0:
        return str(known.get("nothing", ""))
    if kind == "choices":
        return ", ".join(value)
    if kind == "keys":
        count = sum(len(page) for page in value.values())
        return f"{count} of your own"
    return f"{value} {known['unit']}" if kind == "number" else str(value)


def _listed(known: Mapping[str, Any]) -> str:
    return ", ".join(f"“{one}”" for one in known["choices"])
