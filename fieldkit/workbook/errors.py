"""Refusals of a workbook: one sentence each, naming the file; nothing has been written."""

from __future__ import annotations

from storage.errors import FieldkitError


class WorkbookRefused(FieldkitError):
    """The file cannot be read as a workbook; the message says why and what to do."""


class WorkbookNotFound(WorkbookRefused):
    """There is no such file, or it may not be opened."""


class WorkbookKindUnknown(WorkbookRefused):
    """The file is not one of the kinds that are read."""


class WorkbookProtected(WorkbookRefused):
    """The file is encrypted with a password."""


class WorkbookDamaged(WorkbookRefused):
    """The file says it is a workbook, but its parts cannot be read."""


class WorkbookTooLarge(WorkbookRefused):
    """The file, or what it would unpack to, is beyond the limits of ``limits.toml``."""


class NoTableFound(WorkbookRefused):
    """No sheet holds anything like a table of cases."""


class LayoutRefused(WorkbookRefused):
    """The fields of a table run down and its cases across, or it is a form for one case."""


class MappingRefused(WorkbookRefused):
    """A sheet, header row, column or grade that a person named does not fit the file."""
