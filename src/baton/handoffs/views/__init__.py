"""Views of the handoffs."""
