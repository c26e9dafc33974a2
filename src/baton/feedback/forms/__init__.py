"""Forms of the feedback."""
