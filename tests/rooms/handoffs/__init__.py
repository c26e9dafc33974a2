"""The room handoffs."""
