"""How much work something is: counted, not timed, so that a busy machine changes nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def effort(job: Callable[[], object]) -> int:
    """Count the lines of Python that a job runs on this thread; a loop counts at every turn.

    What is done in C counts for nothing: a set of a thousand is one line.
    """
    count = 0

    def tell(frame: FrameType, event: str, arg: Any) -> Callable[..., Any]:
        nonlocal count
        count += 1
        return tell

    before = sys.gettrace()
    sys.settrace(tell)
    try:
        job()
    finally:
        sys.settrace(before)
    return count
