"""Calls of the API about feedback."""
