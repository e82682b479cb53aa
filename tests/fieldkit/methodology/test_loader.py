"""The methodology files hold together, and files that do not are refused in a sentence."""

from __future__ import annotations

import copy
import subprocess
import sys
import tomllib
from importlib.resources import files
from typing import Any

import pytest

from fieldkit.methodology import MethodologyError, load, parse, versions


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("fieldkit.methodology") / name).read_text("utf-8"))


@pytest.fixture
def own() -> dict[str, Any]:
    return read("2018.toml")


@pytest.fixture
def shared() -> dict[str, Any]:
    return read("common.toml")


def test_the_versions_are_those_of_the_programme() -> None:
    assert versions() == ("2014", "2018", "2024")


@pytest.mark.parametrize("version", ["2014", "2018", "2024"])
def test_each_version_loads_under_its_name_and_its_id(version: str) -> None:
    methodology = load(version)
    assert methodology.version == version
    assert load(methodology.id) == methodology
    assert load(version) is methodology, "loaded once"


def test_an_unknown_version_names_the_known_ones() -> None:
    with pytest.raises(MethodologyError, match=r"no methodology “2019”.*2014, 2018 and 2024"):
        load("2019")


def refusal(own: dict[str, Any], shared: dict[str, Any]) -> str:
    with pytest.raises(MethodologyError) as caught:
        parse(own, shared, "2018.toml")
    return str(caught.value)


def test_areas_and_grades_are_checked(own: dict[str, Any], shared: dict[str, Any]) -> None:
    def broken(change: Any) -> str:
        damaged = copy.deepcopy(own)
        change(damaged)
        message = refusal(damaged, shared)
        assert message.startswith("The methodology file 2018.toml cannot be used: ")
        assert "Nothing was changed" in message
        return message

    assert "the area “leadership” stands there twice" in broken(
        lambda doc: doc["areas"].append(doc["areas"][0])
    )
    assert "judged on “custody”, which is neither a case nor a force" in broken(
        lambda doc: doc["areas"][1].update(judged_on=["custody"])
    )
    assert "“judged_on” is missing or empty" in broken(
        lambda doc: doc["areas"][1].update(judged_on=[])
    )
    assert "an area is called “overall”" in broken(
        lambda doc: doc["areas"][1].update(key="overall")
    )
    assert "the case scale has no grades" in broken(
        lambda doc: doc["scales"]["case"].update(grades=[])
    )
    assert "“force” is missing" in broken(lambda doc: doc["scales"].pop("force"))
    assert "“ri” is claimed twice among the grades of the case scale, by “good” and" in broken(
        lambda doc: doc["scales"]["case"]["grades"][0]["aliases"].append(" RI. ")
    )
    assert "“title” is missing or empty" in broken(lambda doc: doc.update(title=" "))
    assert "“colour” is not known there" in broken(lambda doc: doc.update(colour="red"))
    assert "two verbs" in broken(
        lambda doc: doc["scales"]["case"]["grades"][0].update(published=["was good"])
    )
    assert "is not one word" in broken(
        lambda doc: doc["scales"]["case"]["grades"][1].update(key="requires improvement")
    )
    assert "the safeguarding body is “committee”" in broken(
        lambda doc: doc.update(safeguarding_body="committee")
    )


def test_shared_words_are_checked(own: dict[str, Any], shared: dict[str, Any]) -> None:
    def broken(change: Any) -> str:
        damaged = copy.deepcopy(shared)
        change(damaged)
        return refusal(own, damaged)

    assert "“cse” is claimed twice among the case_types, by “missing” and" in broken(
        lambda doc: doc["case_types"][1]["aliases"].append("C.S.E.".replace(".", ""))
    )
    assert "among the case_types the key “missing” stands there twice" in broken(
        lambda doc: doc["case_types"].append({"key": "missing", "label": "Gone"})
    )
    assert "“marking” is missing or empty" in broken(lambda doc: doc.pop("marking"))
    assert "“months” of “immediately” is of a wrong kind" in broken(
        lambda doc: doc["deadlines"][0].update(months="none")
    )
    assert "has an empty alias" in broken(
        lambda doc: doc["case_types"][0]["aliases"].append(" - / ")
    )
    assert "“partnership_from” is not a date" in broken(
        lambda doc: doc["england"].update(partnership_from="2019")
    )


def test_loading_pulls_in_neither_databases_nor_screens() -> None:
    program = (
        "import sys; from fieldkit.methodology import load; load('2018');"
        "print([n for n in ('textual', 'sqlalchemy', 'sqlmodel', 'pydantic', 'rapidfuzz')"
        " if n in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
