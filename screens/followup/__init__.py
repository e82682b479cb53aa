"""The pages for what follows an inspection: recommendations, their register, and dates."""
