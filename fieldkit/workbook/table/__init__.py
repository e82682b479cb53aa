"""How a table is found in a sheet: headings, columns, rows, totals."""
