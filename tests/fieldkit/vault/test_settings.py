"""Settings: read with what cannot be used named, changed in one file, keys without clashes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from fieldkit.feedback.debriefs.reminder import debrief_reminder
from fieldkit.vault import keymap
from fieldkit.vault.backups import next_place, usual_place
from fieldkit.vault.change_settings import change_setting, reset_setting
from fieldkit.vault.keymap import fitting_keys, key_name
from fieldkit.vault.settings import EVERYBODY, OWN, known, own_file, read_settings
from storage.errors import FieldkitError


def write(text: str, *, site: bool = False) -> None:
    """Put a settings file where a person's, or an administrator's, lies."""
    path = own_file().parent / "site" / "settings.toml" if site else own_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ('theme = "sepia"', "“theme” needs one of “dark”, “light”, “contrast”"),
        ("theme = 1", "“theme” needs one of"),
        ('glyphs = ["full"]', "“glyphs” needs one of"),
        ("idle_lock = 16", "from 1 to 15"),
        ("idle_lock = 0", "from 1 to 15"),
        ("idle_lock = true", "from 1 to 15"),
        ("idle_lock = 4.5", "from 1 to 15"),
        ('backup_folder = "backups"', "the whole path"),
        ('debrief_at = "25:00"', "a time such as 17:00"),
        ('debrief_at = "five"', "a time such as 17:00"),
        ("debrief_reminder = -1", "from 0 to 240"),
        ('marking = "SECRET\\nUK"', "one line"),
        ("keys = 3", "a table for each page"),
        ("[keys.cases]\nwithdraw = 3", "needs a free key"),
        ('[keys.cases]\nwithdraw = "a"', "is that of “add” too"),
        ("colour = 3", "does not know"),
        ("theme = ", "cannot be read as settings"),
    ],
)
def test_what_cannot_be_used_is_said_and_what_fieldkit_does_otherwise_holds(
    written: str, words: str
) -> None:
    plain = read_settings()
    write(written)
    settings = read_settings()
    assert settings == plain
    assert len(settings.notices) == 1 and words in settings.notices[0]


def test_what_is_typed_is_kept_in_the_file_beside_what_stood_there() -> None:
    write('theme = "light"\nfuture = {a = 1, b = [2.5, 2026-11-30]}\n')
    change_setting("idle_lock", "10 min")
    change_setting("debrief_at", "7.30")
    change_setting("ask_passphrase", "erase, hand over")
    change_setting("marking", "OFFICIAL “X”")
    settings = change_setting("keys.cases.withdraw", "W")
    assert (settings.theme, settings.idle_lock, settings.debrief_at) == ("light", 10, "07:30")
    assert settings.ask_passphrase == {"erase", "hand over"}
    assert settings.marking == "OFFICIAL “X”"
    assert settings.keys == {"cases": {"withdraw": "W"}}
    assert settings.said_by["theme"] == OWN
    assert len(settings.notices) == 1, "only the setting that is not known"
    assert "2026-11-30" in own_file().read_text("utf-8")
    for name in (*known(), "keys.cases.withdraw"):
        reset_setting(name)
    assert read_settings().said_by == dict.fromkeys(known(), "as it comes")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("theme", "sepia"),
        ("themes", "dark"),
        ("idle_lock", "16"),
        ("idle_lock", "²"),
        ("debrief_at", "24:00"),
        ("short_code", "perhaps"),
        ("backup_folder", "somewhere"),
        ("marking", "A\x1b[2J"),
        ("keys", "W"),
        ("keys.cases.withdraw", "enter"),
        ("keys.cases.withdraw", "3"),
        ("keys.cases.withdraw", "/"),
        ("keys.cases.withdraw", "f1"),
        ("keys.cases.fly", "W"),
        ("keys.caces.withdraw", "W"),
        ("keys.global.search", "s"),
        ("keys.global.lock", "f7"),
        ("keys.home.cases", "h"),
    ],
)
def test_what_is_refused_changes_nothing(name: str, text: str) -> None:
    write('theme = "light"\n')
    before = own_file().read_bytes()
    with pytest.raises(FieldkitError):
        change_setting(name, text)
    assert own_file().read_bytes() == before


def test_what_an_administrator_says_counts_and_is_not_changed() -> None:
    write('theme = "light"\nidle_lock = 15\n[keys.cases]\nadd = "N"\n')
    write('idle_lock = 2\n[keys.cases]\nwithdraw = "W"\n', site=True)
    settings = read_settings()
    assert (settings.theme, settings.idle_lock) == ("light", 2)
    assert settings.keys["cases"] == {"add": "N", "withdraw": "W"}
    assert settings.said_by["idle_lock"] == EVERYBODY
    with pytest.raises(FieldkitError, match="for everybody"):
        change_setting("idle_lock", "5")


def test_a_file_that_cannot_be_read_is_not_written_over() -> None:
    write("theme = ")
    with pytest.raises(FieldkitError, match="Nothing was changed"):
        change_setting("theme", "dark")
    assert own_file().read_text("utf-8") == "theme = "


def test_two_commands_may_exchange_their_keys() -> None:
    keys, refused = fitting_keys({"cases": {"add": "w", "Withdraw": "a"}}, {})
    assert keys == {"cases": {"add": "w", "withdraw": "a"}} and refused == []


def test_of_two_new_keys_that_clash_the_first_stands() -> None:
    keys, refused = fitting_keys({"cases": {"add": "N", "withdraw": "N"}}, {})
    assert keys == {"cases": {"add": "N"}} and len(refused) == 1


def test_a_key_that_works_everywhere_clashes_with_that_of_any_page() -> None:
    keys, refused = fitting_keys({"global": {"remark": "ctrl+r"}}, {})
    assert keys == {} and "“recovery” too" in refused[0]


def test_no_key_that_comes_with_fieldkit_clashes_with_another() -> None:
    for page, named in keymap.commands().items():
        for one in named.values():
            for key in one.keys:
                assert keymap.clash(one, {page: {one.action: key}}) is None


@pytest.mark.parametrize(
    ("typed", "name"), [("^k", "ctrl+k"), ("Ctrl+K", "ctrl+k"), ("/", "slash"), ("W", "W")]
)
def test_keys_are_typed_as_they_are_shown(typed: str, name: str) -> None:
    assert key_name(typed) == name


def test_backups_go_to_the_folder_of_the_settings(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    assert usual_place(vault) == tmp_path / "vault-backups"
    change_setting("backup_folder", str(tmp_path / "stick"))
    assert usual_place(vault) == next_place(None, vault) == tmp_path / "stick"


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("16:29", ""),
        ("16:30", "The debrief is at 17:00, in 30 min."),
        ("16:59", "The debrief is at 17:00, in 1 min."),
        ("17:00", "The debrief is at 17:00: now."),
        ("17:10", "The debrief was at 17:00."),
        ("17:31", ""),
    ],
)
def test_the_debrief_is_reminded_of_in_its_time(now: str, words: str) -> None:
    settings = change_setting("debrief_at", "17:00")
    moment = datetime.fromisoformat(f"2026-11-30T{now}").astimezone()
    assert debrief_reminder(settings, moment) == words
    assert debrief_reminder(reset_setting("debrief_at"), moment) == ""
