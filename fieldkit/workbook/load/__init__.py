"""How cells are read from the files of spreadsheet programs."""
