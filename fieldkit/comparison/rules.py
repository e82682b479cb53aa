"""The limits of `rules.toml`: how few cases are too few for which figure."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Rules:
    """Holds limits of what a comparison may say; `rules.toml` says what each is for."""

    counts_only_below: int
    indicative_below: int
    least_differing_for_sign_test: int
    least_differing_for_chi_square: int
    paradox_kappa_below: float
    paradox_agreement_above: float
    draws: int
    seed: int


@cache
def standard_rules() -> Rules:
    """Return the limits shipped with fieldkit."""
    data = tomllib.loads((files(__package__) / "rules.toml").read_text(encoding="utf-8"))
    return Rules(
        counts_only_below=int(data["counts_only_below"]),
        indicative_below=int(data["indicative_below"]),
        least_differing_for_sign_test=int(data["least_differing_for_sign_test"]),
        least_differing_for_chi_square=int(data["least_differing_for_chi_square"]),
        paradox_kappa_below=float(data["paradox_kappa_below"]),
        paradox_agreement_above=float(data["paradox_agreement_above"]),
        draws=int(data["bootstrap"]["draws"]),
        seed=int(data["bootstrap"]["seed"]),
    )
