"""The API of the handoffs."""
