"""The exit codes of the program and its version."""

from __future__ import annotations

from fieldkit import __version__

VERSION = f"fieldkit {__version__}"
DONE, REFUSED, MISUSED = 0, 1, 2
