"""The command line: the plain-text and ``--json`` twin of every screen, on the same services."""

from fieldkit.cli.main import main

__all__ = ["main"]
