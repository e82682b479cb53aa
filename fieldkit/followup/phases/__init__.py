"""Follow-up as what it is: a visit, a review, a re-inspection, area by area."""
