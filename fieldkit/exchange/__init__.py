"""How work is exported, exchanged and reported."""
