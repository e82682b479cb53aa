"""How the app looks: its theme and its signs, chosen by a person and changed at once."""

from __future__ import annotations

from typing import ClassVar

from textual.app import App
from textual.theme import Theme

from screens.kit.drawing import themes
from screens.kit.drawing.signs import Glyphs, use_glyphs, use_marks
from screens.kit.drawing.strips import let_lines_go
from screens.kit.drawing.stylesheet import ReadOnce


class Looks(App[None]):
    """Draws in one of three themes, with signs in full or in ASCII alone.

    ``app.theme`` is the name of the theme in use, such as ``fieldkit-dark``, and ``app.glyphs`` the
    set of signs. Whatever draws signs has a method ``draw_anew``.
    """

    FIRST_THEME: ClassVar[str] = themes.NAMES[0]

    def __init__(self) -> None:
        self._chosen = themes.theme(self.FIRST_THEME)
        let_lines_go()
        super().__init__()
        self.stylesheet = ReadOnce(variables=self.stylesheet._variables)
        self.set_reactive(App.theme, self._chosen.name)
        self.glyphs: Glyphs = "full"
        use_glyphs(self.glyphs)
        use_marks(self.no_color)

    @property
    def current_theme(self) -> Theme:
        """Return the theme in use; so no other is made into colours before the first frame."""
        return self._chosen

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Return the theme in use, by its name: the others are read when they are chosen."""
        return {self._chosen.name: self._chosen}

    def choose_look(self, theme: str = "", glyphs: Glyphs | None = None) -> None:
        """Draw in another theme, of ``themes.NAMES``, or with other signs; what is left out stays.

        Raises ``KeyError`` for a theme that is not there.
        """
        if theme:
            self._chosen = themes.theme(theme)
            if self.is_running:
                self.theme = self._chosen.name
            else:  # before the first frame there is nothing that would have to be drawn again
                self.set_reactive(App.theme, self._chosen.name)
                self.stylesheet.set_variables(self.get_css_variables())
        if glyphs is not None and glyphs != self.glyphs:
            self.glyphs = glyphs
            use_glyphs(glyphs)
            use_marks(self.no_color or glyphs == "plain")
            self.set_class(glyphs == "plain", "-plain-glyphs")
            for screen in self.screen_stack if self.is_running else ():
                for node in (screen, *screen.walk_children()):
                    draw_anew = getattr(node, "draw_anew", None)
                    if draw_anew is not None:
                        draw_anew()
