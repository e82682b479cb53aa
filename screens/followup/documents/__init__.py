"""Pages of what is written for others after the site: the report, and sheets of practice."""
