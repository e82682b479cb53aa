"""A document before it is Word or Markdown, the two writers, and the template of its looks."""
