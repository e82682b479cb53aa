"""The pages that compare our grades with the force's."""
