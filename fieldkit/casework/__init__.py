"""Cases: the inspection's list, its allocation, what is kept of each case, and importing a list."""
