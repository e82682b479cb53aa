"""What follows an inspection: recommendations, their register, dates, and action plans."""
