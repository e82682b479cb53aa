"""Commands that compare the force's grades with ours."""
