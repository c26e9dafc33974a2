"""The room handoffs: every delivery, held against the promise in force."""
