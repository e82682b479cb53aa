"""How the values of cells are understood: dates, grades, case types, words."""
