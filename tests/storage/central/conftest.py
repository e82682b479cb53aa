"""The same team as for bundles."""

from __future__ import annotations

from tests.storage.bundle.conftest import desk, made_once, team

__all__ = ["desk", "made_once", "team"]
