"""Forms about handoffs."""
