"""How far two people agree who grade the same cases on one ordered scale.

Small pure-Python statistics, each with its source in its docstring. Every function takes a square
table of whole counts (rows = inspectors, columns = the force, both from best to worst) and returns
an object whose value is None, with a sentence in ``why``, where the figure is not defined: never
NaN, and never 1 for want of anything to disagree about.
"""
