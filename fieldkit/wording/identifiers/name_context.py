"""What stands around a word, and whether that means a person."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from fieldkit.wording.identifiers.tokens import Token
from fieldkit.wording.identifiers.word_lists import WORDS


class NameContext:
    """Answers for the words of one text whether a person is meant by them."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.text = text
        self.tokens = tokens

    @cached_property
    def is_welsh(self) -> bool:
        """Say whether the text is in Welsh, or has some Welsh in it."""
        signs = {one.whole for one in self.tokens} & WORDS["welsh", "signs"]
        return len(signs) > 1 or (bool(signs) and len(self.tokens) < 7)

    def means_person(self, place: int) -> bool:
        """Say whether a word that is also a name means a person where it stands."""
        token = self.tokens[place]
        if not token.capital:
            return False
        if self._is_time(place) or self._is_thing(place) or self._is_place(place):
            return False
        return not token.first or self.does_as_person(place)

    def does_as_person(self, place: int) -> bool:
        """Say whether what follows is what a person does, is or has."""
        token, following = self.tokens[place], self._keys_after(place, 3)
        if token.possessive:
            return bool(following) and following[0] in WORDS["people", "belongings"]
        if not following or not self._is_near(place, place + 1):
            return False
        if following[0] in WORDS["people", "verbs"]:
            return True
        if following[0] == "did" and following[1:2] == ["not"]:
            return True
        if following[0] in WORDS["people", "auxiliaries"]:
            then = [one for one in following[1:] if one not in ("been", "not", "being", "also")]
            return bool(then) and then[0] in WORDS["people", "states"] | WORDS["people", "verbs"]
        return False

    def names_thing(self, place: int) -> bool:
        """Say whether a place or a thing is called after a name: “Ellis Street”."""
        if place + 1 >= len(self.tokens) or not self._is_near(place, place + 1):
            return False
        token, after = self.tokens[place], self.tokens[place + 1]
        return (
            not token.possessive
            and after.capital
            and after.key in WORDS["ordinary", "after_things"]
        )

    def precedes_relation(self, place: int) -> bool:
        """Say whether somebody's mother, brother or the like follows."""
        following = self._keys_after(place, 1)
        return (
            bool(following)
            and self._is_near(place, place + 1)
            and following[0] in WORDS["people", "relations"]
        )

    def follows_person(self, place: int) -> bool:
        """Say whether a word for a person stands right before."""
        return place > 0 and self.tokens[place - 1].key in WORDS["people", "nouns"]

    def _keys_after(self, place: int, most: int) -> list[str]:
        return [one.whole for one in self.tokens[place + 1 : place + 1 + most]]

    def _key_before(self, place: int) -> str:
        return self.tokens[place - 1].key if place else ""

    def _is_near(self, one: int, two: int) -> bool:
        gap = self.text[self.tokens[one].end : self.tokens[two].start]
        return len(gap) < 4 and not any(sign in gap for sign in ".,;:!?\n")

    def _is_time(self, place: int) -> bool:
        """Say whether a month or season is meant: a number or a word of time stands beside it."""
        token = self.tokens[place]
        if token.key not in WORDS["ordinary", "times"]:
            return False
        before, after = self.text[: token.start].rstrip(), self.text[token.end :].lstrip(" ,'’")
        if (
            after[:1].isdigit()
            or before[-1:].isdigit()
            or before.endswith(("th", "st", "nd", "rd", "/", "-", "–"))
        ):
            return True
        beside = [self._key_before(place), *self._keys_after(place, 2)]
        if place > 1:
            beside.append(self.tokens[place - 2].key)
        times = WORDS["ordinary", "times"] - {token.key}
        if any(one in times for one in beside):
            return True
        return self._key_before(place) in WORDS["ordinary", "before_times"]

    def _is_thing(self, place: int) -> bool:
        """Say whether the word is in what a place, a unit or a plan is called."""
        before, after = self._key_before(place), self._keys_after(place, 1)
        if (
            after
            and self._is_near(place, place + 1)
            and after[0] in WORDS["ordinary", "after_things"]
        ):
            return True
        return before in WORDS["ordinary", "before_things"] and self._is_near(place - 1, place)

    def _is_place(self, place: int) -> bool:
        token = self.tokens[place]
        if token.key not in WORDS["ordinary", "places"]:
            return False
        beside = {self._key_before(place), *self._keys_after(place, 2)}
        if place > 1:
            beside.add(self.tokens[place - 2].key)
        places = WORDS["ordinary", "places"] - {token.key}
        return self._key_before(place) in WORDS["ordinary", "before_places"] or bool(
            beside & places
        )
