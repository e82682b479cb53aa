"""A refusal as ``--json`` prints it: what happened, what is safe, and what to do next.

It stands on stdout, where the answer would have stood, so that a program that reads stdout finds
one JSON value however the command ends. The sentence stands on stderr as it always does.
"""

from __future__ import annotations

import re
from typing import TypedDict

from fieldkit.cli.kit.json_text import to_json

SAFE = "What was committed before is safe."
"""Said of every refusal that says nothing more exact: no step is ever made by halves."""
NEXT = "“fieldkit help”, followed by the command, says what it takes."

# A sentence ends before a capital, a quotation mark or a digit; the initial of a name ends none.
_END = re.compile(r"(?<=[^A-Z\s][.!?”])\s+(?=[A-Z“0-9])")
_SAYS_WHAT_IS_SAFE = re.compile(
    r"\b[Nn]othing (?:was|is|of|left|more|changed|that)\b|\b(?:is|are) safe\b"
    r"|\bas (?:it|they) (?:is|are|was|were)\b|\b(?:was|are) kept\b|\bwas (?:lost|left|touched)\b"
    r"|\bunchanged\b|\bwas not \w+ed\b|\bthrown away\b|\bNo \w+ was\b"
)


class Error(TypedDict):
    """What ``--json`` says of a refusal.

    Attributes:
        code: the name of its kind (``EXIT_OF`` in ``fieldkit/cli/kit/exit.py``).
        message: what happened, in a sentence or more.
        what_is_safe: what was not changed, or was kept.
        next: what to do.
    """

    code: str
    message: str
    what_is_safe: str
    next: str


def error_json(code: str, text: str, next: str = "") -> str:
    """Return a refusal as JSON.

    Args:
        code: the name of its kind.
        text: the refusal as a person reads it.
        next: what to do, where the text does not say so.
    """
    return to_json({"error": in_parts(code, text, next)})


def in_parts(code: str, text: str, next: str = "") -> Error:
    """Take a refusal apart: its sentences say what happened, what is safe, what to do next.

    No part is empty. Where the first sentence says both what happened and what is safe, it stands
    under both.
    """
    sentences = _END.split(" ".join(text.split()))
    safe = [n for n, one in enumerate(sentences) if _SAYS_WHAT_IS_SAFE.search(one)]
    if not safe:
        happened, kept, after = sentences[:1], [SAFE], sentences[1:]
    else:
        first = safe[0]
        last = first
        while last + 1 in safe:
            last += 1
        happened, kept = sentences[: max(first, 1)], sentences[first : last + 1]
        after = sentences[last + 1 :]
    return {
        "code": code,
        "message": " ".join(happened),
        "what_is_safe": " ".join(kept),
        "next": " ".join(after) or next or NEXT,
    }
