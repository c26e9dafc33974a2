"""What the pages of the chain show."""
