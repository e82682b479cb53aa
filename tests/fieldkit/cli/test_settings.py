"""``fieldkit settings``: listed, changed, refused with what is right."""

from __future__ import annotations

from tests.fieldkit.cli.conftest import Runner


def test_settings_are_listed_changed_and_taken_away(fieldkit: Runner) -> None:
    assert "5 min" in fieldkit.done("settings", "list").out
    fieldkit.done("settings", "set", "theme", "light")
    changed = fieldkit.done("settings", "set", "marking", "OFFICIAL", "--json").data
    assert changed == {"name": "marking", "value": "OFFICIAL", "said_by": "yours"}
    fieldkit.done("settings", "set", "keys.cases.withdraw", "W")
    listed = fieldkit.done("settings", "list", "--json").data["settings"]
    every = {one["name"]: one["value"] for one in listed}
    assert every["theme"] == "light" and every["keys"] == {"cases": {"withdraw": "W"}}
    keys = {one["name"]: one for one in fieldkit.done("settings", "keys", "--json").data}
    assert keys["keys.cases.withdraw"] == {"name": "keys.cases.withdraw", "key": "W", "own": True}
    fieldkit.done("settings", "reset", "keys")
    again = fieldkit.done("settings", "reset", "theme", "--json").data
    assert again == {"name": "theme", "value": "dark", "said_by": "as it comes"}
    assert "from 1 to 15" in fieldkit.refused("settings", "set", "idle_lock", "20")
    assert "“theme”" in fieldkit.refused("settings", "set", "theem", "light")
    assert "“add” too" in fieldkit.refused("settings", "set", "keys.cases.withdraw", "a")


def test_an_inspection_begins_with_the_marking_of_the_settings(fieldkit: Runner) -> None:
    fieldkit.done("settings", "set", "marking", "OFFICIAL FOR TRAINING")
    fieldkit.done("vault", "create", "--memory", "64", "--name", "A. Inspector")
    fieldkit.done("inspection", "new", "--force", "Westshire", "--methodology", "2018")
    [one] = fieldkit.done("inspection", "list", "--json").data
    assert one["marking"] == "OFFICIAL FOR TRAINING"
