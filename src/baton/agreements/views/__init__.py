"""Pages of the agreements: each view guards, makes one call and answers."""
