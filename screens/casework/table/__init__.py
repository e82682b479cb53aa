"""Shows the cases of an inspection as a table, and the one under the cursor in short beside it."""
