"""The settings: a list of names and values; what is changed counts at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from textual import work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from fieldkit.vault import keymap, setting_values
from fieldkit.vault.change_settings import KEYS, change_setting, reset_setting
from fieldkit.vault.settings import BUILT_IN, Settings, known, read_settings
from screens.kit.commands import Command, registry
from screens.kit.dialogs import Choice, Dialog, Pick
from screens.kit.drawing.notices import trouble
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.panel_list import PanelList
from screens.kit.drawing.rows import between, lines, muted, row, strong, wrapped
from screens.kit.folder_picker import choose, sticks
from screens.kit.page import Page
from screens.kit.text import plain
from screens.vault.with_settings import WithSettings
from storage.errors import FieldkitError
from storage.vault.backup.generations import default_place

NAME = 16
"""Columns of a setting's name."""


class SettingsPage(Page):
    """Lists the settings; enter changes one, and the app looks so at once."""

    PAGE = "settings"
    DEFAULT_CSS = """
    SettingsPage #settings { height: 1fr; }
    SettingsPage #about { height: 7; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._settings = read_settings()
        self._names = list(known())

    def body(self) -> Iterable[Widget]:
        """Yield the list, and what the setting under the cursor does."""
        listed = PanelList(id="settings", markup=False)
        listed.edges(title="Settings")
        yield listed
        yield Panel("What it does", id="about")

    async def load(self) -> None:
        """Read what the files say now."""
        self._settings = await asyncio.to_thread(read_settings)
        self._draw()
        self.query_one(PanelList).focus()

    def on_panel_list_resized(self) -> None:
        """Draw the rows to the new width."""
        self.draw_anew()

    def _draw(self) -> None:
        listed = self.query_one(PanelList)
        at = listed.highlighted or 0
        listed.set_options([Option(self._row(name, listed.room)) for name in self._names])
        listed.highlighted = at
        own = sum(whose != BUILT_IN for whose in self._settings.said_by.values())
        listed.edges(figure=f"{own} of {len(self._names)} chosen")
        self._show_about()

    def _row(self, name: str, width: int) -> Content:
        about, value = known()[name], self._settings.values[name]
        whose = self._settings.said_by[name]
        shown = setting_values.words(about, value)
        start = row([(strong(about["label"]), NAME), (shown, max(width - NAME - 16, 8))])
        return between(start, muted("" if whose == BUILT_IN else whose), width)

    def on_option_list_option_highlighted(self) -> None:
        """Say what the setting does."""
        self._show_about()
        self.fieldkit.draw_keys()

    def _show_about(self) -> None:
        if (name := self.current) is None:
            return
        about, notices = known()[name], self._settings.notices

        def drawn(width: int) -> Content:
            choices = ", ".join(about.get("choices", ()))
            said = [*wrapped(about["about"], width)]
            if choices and about["kind"] == "choice":
                said.append(muted(f"One of {choices}."))
            if notices:
                said.append(trouble(notices[0], "", (), width))
            return lines(said)

        self.query_one("#about", Panel).show(drawn, title=about["label"])

    @property
    def current(self) -> str | None:
        """Return the name of the setting under the cursor."""
        at = self.query_one(PanelList).highlighted
        return None if at is None else self._names[at]

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Change the setting."""
        event.stop()
        self.action_change()

    @work(exclusive=True)
    async def action_change(self) -> None:
        """Go to the next choice, or ask for the value."""
        if (name := self.current) is None:
            return
        about, value = known()[name], self._settings.values[name]
        if about["kind"] == "yes or no":
            await self._take(lambda: change_setting(name, "no" if value else "yes"))
        elif about["kind"] == "choice":
            choices = about["choices"]
            following = choices[(choices.index(value) + 1) % len(choices)]
            await self._take(lambda: change_setting(name, following))
        elif about["kind"] == "folder":
            await self._choose_folder(name)
        elif about["kind"] == "keys":
            await self._choose_key()
        else:
            await self._ask(name, about["label"], about["about"], _typed(value))

    async def _choose_folder(self, name: str) -> None:
        beside = default_place(self.vault.folder)
        current = self._settings.backup_folder
        offered = [current, beside, *sticks()]
        chosen = await choose(
            self.fieldkit, "Where do backups go?", offered, current or beside, beside_vault=beside
        )
        if chosen is not None:
            await self._take(lambda: _keep_folder(name, chosen, beside))

    async def _choose_key(self) -> None:
        commands = {
            f"{page}.{one.label}": one
            for page, named in keymap.commands().items()
            for one in named.values()
            if one.keys and one.action not in keymap.FIXED
        }
        choices = [
            Choice(name, f"{registry()[one.page].title}: {one.label}", _key_of(one))
            for name, one in commands.items()
        ]
        picked = await self.fieldkit.push_screen_wait(Pick("The key of which command?", choices))
        if picked is not None:
            page, _, label = picked.partition(".")
            words = "A letter, a sign such as /, f1 to f12, or ctrl with a letter (^k)."
            title = f"{registry()[page].title}: {label}"
            await self._ask(f"{KEYS}{picked}", title, words, _key_of(commands[picked]))

    async def _ask(self, name: str, title: str, words: str, value: str) -> None:
        def take(typed: str) -> None:
            change_setting(name, typed)

        if await self.fieldkit.push_screen_wait(AskSetting(title, words, value, take)):
            await self._taken()

    async def _take(self, change: Callable[[], Settings]) -> None:
        try:
            await asyncio.to_thread(change)
        except FieldkitError as refusal:
            self.fieldkit.say(str(refusal), error=True)
            return
        await self._taken()

    async def _taken(self) -> None:
        self._settings = await asyncio.to_thread(read_settings)
        app = self.fieldkit
        assert isinstance(app, WithSettings)
        app.take_settings(self._settings)
        self._draw()

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return what has nothing to do: there is no value of one's own to take away."""
        name, idle = self.current, super().idle_actions
        own = name is not None and self._settings.said_by[name] != BUILT_IN
        return idle if own else idle | {"reset"}

    @work(exclusive=True)
    async def action_reset(self) -> None:
        """Take the person's own value away."""
        if (name := self.current) is not None:
            await self._take(lambda: reset_setting(name))


def _keep_folder(name: str, chosen: Path, beside: Path) -> Settings:
    return reset_setting(name) if chosen == beside else change_setting(name, str(chosen))


def _typed(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _key_of(one: keymap.Keyed) -> str:
    commands: Iterable[Command] = registry()[one.page].commands
    return next(each.key_word for each in commands if each.action == one.action)


class AskSetting(Dialog[bool | None]):
    """Asks for the value of a setting; where it is refused, it says why and asks on."""

    DEFAULT_CSS = """
    AskSetting Static { height: auto; }
    AskSetting #refused { color: $text-error; }
    """

    def __init__(self, title: str, words: str, value: str, take: Callable[[str], None]) -> None:
        super().__init__(title, "enter  save     esc  close")
        self._words, self._value, self._take = words, value, take

    def body(self) -> Iterable[Widget]:
        """Yield what it is, the field, and room for a refusal."""
        yield Static(plain(self._words))
        yield Input(self._value, compact=True, id="value")
        yield Static("", id="refused", markup=False)

    def on_mount(self) -> None:
        """Stand behind what is there."""
        self.query_one(Input).focus()

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Save the value, or say why it cannot be one."""
        event.stop()
        try:
            await asyncio.to_thread(self._take, event.value)
        except FieldkitError as refusal:
            self.set_text("#refused", str(refusal))
            return
        self.dismiss(True)
