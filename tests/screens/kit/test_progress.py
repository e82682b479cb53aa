"""A job as the list of its steps: what is done, what is done now, what is to come."""

from __future__ import annotations

from screens.kit.progress import ProgressDialog


def told(bar: ProgressDialog) -> list[tuple[str, str]]:
    """The steps and how each stands."""
    return [(one.text, one.state) for one in bar.steps_now()]


def test_steps_that_are_known_to_follow_stand_there_from_the_start() -> None:
    bar = ProgressDialog("Matching", to_come=("Writing", "Saving"))
    assert told(bar) == [("Matching", "now"), ("Writing", "to come"), ("Saving", "to come")]
    bar.progress("Writing", 1, 4)
    assert told(bar) == [("Matching", "done"), ("Writing", "now"), ("Saving", "to come")]
    assert bar.steps_now()[1].share == 0.25
    bar.progress("Writing", 3, 4)
    assert len(told(bar)) == 3, "a step that goes on is no further one"


def test_a_step_that_was_over_before_anybody_looked_is_done() -> None:
    bar = ProgressDialog("Matching", to_come=("Writing", "Saving"))
    bar.progress("Saving", 0, 0)
    assert told(bar) == [("Matching", "done"), ("Writing", "done"), ("Saving", "now")]
