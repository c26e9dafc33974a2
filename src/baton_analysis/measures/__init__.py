"""Facts to numbers: each result carries its method, its version and the number of observations behind it."""
