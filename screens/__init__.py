"""What the inspector sees and presses: the only package that imports Textual."""
