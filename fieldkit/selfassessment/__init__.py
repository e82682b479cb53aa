"""Self-assessments: a force's workbook imported, and which of its rows is which case of ours.

Nothing is linked but by a person: the exact group in one step, every other row one by one. Each
decision is on record with who and when, and can be taken back. No line of a queue shows what the
force graded.
"""
