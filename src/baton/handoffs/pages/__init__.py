"""What the pages of the handoffs show."""
