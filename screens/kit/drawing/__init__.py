"""Draws what pages show: signs, chips, bars, clocks, heat, rows, panels, and the colours of all."""
