"""Comparing the force's own grades with ours: records in, records out, and three ways to show them.

A difference between the two is called a difference, never an error. The tables rest on current
grades; agreement rests on our first grades, given before the force's were seen.
"""
