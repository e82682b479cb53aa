"""All that a program holds is looked through for garbage only while nobody types."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from fieldkit.vault.garbage import LONGEST, MANY_LEFT, STILL, WORTH_IT, Garbage


class Ring:
    """Holds itself, so that only a search finds it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What was done by the interpreter, in place of doing it to the tests' own."""
    done: list[str] = []
    usual = gc.get_threshold()
    monkeypatch.setattr(gc, "freeze", lambda: done.append("freeze"))
    monkeypatch.setattr(gc, "unfreeze", lambda: done.append("unfreeze"))
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, WORTH_IT))
    yield done
    assert gc.get_threshold() == usual


def test_it_is_looked_for_while_somebody_rests_and_not_before(searches: list[str]) -> None:
    garbage = Garbage()
    garbage.put_off()
    gone = weakref.ref(Ring())
    assert not garbage.look(STILL - 0.1) and gone() is not None
    assert garbage.look(STILL) and gone() is None
    assert searches == ["freeze"]
    assert garbage.look(STILL) and searches == ["freeze"]
    # With nothing open but home, what is left is kept out of the next searches, until the lock.
    assert garbage.look(STILL, at_home=True) and searches == ["freeze", "freeze"]
    garbage.as_usual()
    garbage.as_usual()
    assert searches == ["freeze", "freeze", "unfreeze"]


def test_it_is_looked_for_after_many_pages_though_nobody_rests(searches: list[str]) -> None:
    garbage = Garbage()
    garbage.left = MANY_LEFT
    assert not garbage.look(0)
    garbage.put_off()
    gone = weakref.ref(Ring())
    garbage.left = MANY_LEFT - 1
    assert not garbage.look(0) and gone() is not None
    garbage.left += 1
    assert garbage.look(0) and gone() is None and garbage.left == 0
    assert not garbage.look(0)
    garbage.as_usual()


def test_under_somebody_who_never_rests_it_is_found_at_last(searches: list[str]) -> None:
    before = gc.get_threshold()
    garbage = Garbage()
    garbage.put_off()
    garbage.put_off()
    assert gc.get_threshold() == (*before[:2], LONGEST)
    garbage.as_usual()
    assert gc.get_threshold() == before
    assert not garbage.look(STILL)


def test_what_is_not_worth_it_waits(searches: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    garbage = Garbage()
    garbage.put_off()
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, WORTH_IT - 1))
    assert not garbage.look(STILL)
    garbage.as_usual()
