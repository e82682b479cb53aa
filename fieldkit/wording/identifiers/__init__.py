"""Identifiers: what in a text could say who somebody is, found by its form and by a list of names.

Everything here is pure. Nothing of it is imported before a text is looked at.
"""
