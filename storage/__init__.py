"""What is kept, how it is kept safe, moved and merged: the only package that opens databases."""
