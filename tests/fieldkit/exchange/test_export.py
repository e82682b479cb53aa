"""What a bundle is, in words, before anything of it is taken in."""

from __future__ import annotations

from dataclasses import replace

from fieldkit.exchange.export import explain_text
from storage.bundle.manifest import Manifest, Segment
from storage.exchange.inspect import BundleSummary, FeedPart
from storage.ops.op import FeedId

FEED = FeedId("5ba061da5fdb550e", 1, "main")
SEGMENT = Segment(FEED, 21, 40, bytes(32), bytes(32))
MANIFEST = Manifest("t", "5ba061da5fdb550e", "2026-07-06T09:30:00.000Z", 2, ("0" * 32,), (SEGMENT,))
PART = FeedPart(FEED, "Ada (laptop 5ba0)", 21, 40, 20, None)
FOUND = BundleSummary(
    MANIFEST,
    "Ada (laptop 5ba0)",
    parts=(PART,),
    records={"case": 1, "case_key": 2},
    forces=("Westshire",),
    along=("roster 2", "receipt"),
)


def said(found: BundleSummary) -> str:
    return " ".join(explain_text("a.fkb.age", found).split())


def test_what_is_new_and_where_it_goes() -> None:
    text = said(FOUND)
    assert "a.fkb.age is whole: every part of it was verified, and nothing" in text
    assert "20 entries, 20 of them not known here yet 1 case, 2 case keys" in text
    assert "Ada (laptop 5ba0): entries 21 to 40 Along roster 2, receipt Take it in" in text
    assert "Westshire" in text


def test_what_is_known_waits_or_is_not_accepted() -> None:
    def part(**over: object) -> str:
        return said(replace(FOUND, parts=(replace(PART, **over),)))  # type: ignore[arg-type]

    known = part(known=40)
    assert "entries 21 to 40, all known here" in known and "Take it in" not in known
    assert "; 11 to 20 are not here, so they would wait" in part(known=10)
    assert "the roster accepts them to 30, later ones would be kept apart" in part(limit=30)
    keys = part(feed=FeedId("5ba061da5fdb550e", 1, "key"), first=1, last=1, known=0)
    assert "entry 1 of its force references and key to child labels" in keys


def test_words_that_are_not_in_it() -> None:
    assert "3 entries without its words" in said(replace(FOUND, stubs=3))
