"""The practice inspection of the made-up Westshire Constabulary, as plain data."""
