"""The ratios promised, each measured against its yardstick in one run: `make bench`.

Each row of the table of budgets has a file of its own. Ours and its yardstick take turns,
so that a busy computer slows both, and the ratio is that of their medians.
"""
