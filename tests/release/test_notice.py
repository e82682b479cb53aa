"""NOTICE names every library that is handed out, and is what its generator writes."""

from __future__ import annotations

import pytest

from release.lock import REPOSITORY, read_lock
from release.notice import licence_of, notice


def test_it_is_as_it_would_be_written_now() -> None:
    written = (REPOSITORY / "NOTICE").read_text("utf-8")
    assert written == notice(), "run “make notice”"
    assert all(f"\n{one.name} {one.version}\n" in written for one in read_lock())


def test_files_of_others_that_it_names_are_there() -> None:
    own = notice().split("Libraries that")[0]
    named = [word.strip("(),") for word in own.split() if word.startswith("(") and "/" in word]
    assert len(named) == 2
    assert all((REPOSITORY / name).is_file() for name in named)


def test_a_library_of_which_nothing_is_known_stops_it() -> None:
    assert licence_of("anything", {"anything": "MIT"}) == "MIT"
    assert licence_of("cryptography", {}) == "Apache-2.0 OR BSD-3-Clause"
    with pytest.raises(LookupError, match="not installed"):
        licence_of("no-such-library", {})
    with pytest.raises(LookupError, match="no licence"):
        licence_of("sqlcipher3", {})
