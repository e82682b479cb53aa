"""What an inspection is and what may be concluded from it."""

__version__ = "0.1.0"
"""The one place of the version; the build reads it from here."""
