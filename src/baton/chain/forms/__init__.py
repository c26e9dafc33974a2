"""Checks of input of the chain."""
