"""Pages of the chain: each view guards, makes one call and answers."""
