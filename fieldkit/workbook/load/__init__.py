"""How cells are read from the files of spreadsheet programs."""

WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".csv"})
"""The endings of files that are offered as workbooks; what is read goes by a file's bytes."""
