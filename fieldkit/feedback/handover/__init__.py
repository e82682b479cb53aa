"""The hand-over: what the force is given in writing when the team leaves the site."""
