"""Forms of the agreements."""
