"""Agreements for programs."""
