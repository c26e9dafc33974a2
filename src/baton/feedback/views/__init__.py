"""Pages of the feedback."""
