"""Bundles: feeds on their way from one store to another, inside an age file.

``docs/format.md`` fixes every byte. A bundle is written for named recipients, verified whole
before anything of it is used, and applied in one transaction.
"""
