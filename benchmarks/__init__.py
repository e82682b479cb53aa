"""The ratios of the design, each measured against its yardstick in one run: `make bench`."""
