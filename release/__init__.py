"""What is handed out: the wheel, kits for laptops without a network, the stand-alone program.

Nothing here goes into the wheel. Each module is run by a target of the Makefile.
"""
