"""Recovery codes survive being written down and typed again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.crypto.keyslots import errors
from storage.crypto.keyslots.recovery_code import (
    _ALPHABET,
    GROUPS,
    _check,
    check_group,
    in_groups,
    new_code,
    read_code,
)

bodies = st.text(alphabet=_ALPHABET, min_size=32, max_size=32)
codes = bodies.map(lambda body: in_groups(body + _check(body)))


def test_new_codes_are_seven_groups_of_five_and_differ() -> None:
    made = {new_code() for _ in range(100)}
    assert len(made) == 100
    for code in made:
        assert [len(group) for group in code.split("-")] == [5] * GROUPS
        assert read_code(code) == code
        assert not set(code) & set("ILOU")


def test_every_character_and_every_bit_occurs() -> None:
    letters = "".join(new_code().replace("-", "")[:32] for _ in range(200))
    assert set(letters) == set(_ALPHABET)


@given(codes, st.randoms(use_true_random=False))
def test_forgiven_slips(code: str, rng: object) -> None:
    typed = code.lower().replace("0", "o").replace("1", "l").replace("-", "  ")
    assert read_code(f"\t{typed}\n") == code
    assert read_code(code.replace("1", "I").replace("-", ".")) == code
    full_width = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in code)
    assert read_code(full_width) == code


@given(codes, st.integers(0, 34), st.sampled_from(_ALPHABET))
def test_one_wrong_character_is_noticed(code: str, at: int, other: str) -> None:
    letters = list(code.replace("-", ""))
    if letters[at] == other:
        return
    letters[at] = other
    if _check("".join(letters[:32])) == "".join(letters[32:]):
        return  # one in 32,768; the slot itself then refuses
    with pytest.raises(errors.MistypedCode, match="mistyped"):
        read_code("".join(letters))


def test_what_is_wrong_is_said() -> None:
    code = new_code()
    with pytest.raises(errors.MistypedCode, match="34 were typed"):
        read_code(code[:-1])
    with pytest.raises(errors.MistypedCode, match="0 were typed"):
        read_code("")
    with pytest.raises(errors.MistypedCode, match="never contains U"):
        read_code("U" + code[1:])
    with pytest.raises(errors.MistypedCode, match="never contains"):
        read_code("é" + code[1:])


@given(codes)
def test_groups_are_checked_one_by_one(code: str) -> None:
    for index, group in enumerate(code.split("-")):
        assert check_group(code, index, f" {group.lower()} ")
        assert not check_group(code, index, group[:-1])
        assert not check_group(code, index, "")
        wrong = "Z" if group[0] != "Z" else "Y"
        assert not check_group(code, index, wrong + group[1:])


def test_known_code() -> None:
    """The check characters are part of the format: printed codes must stay readable."""
    assert read_code("00000 00000 00000 00000 00000 00000 00JMS")
    assert read_code("AYN4S-X3CW6-DGYPP-P4H7Z-0JPMR-N03NV-X6GGX")
