"""Signing in with the organisation's own account (OpenID Connect), against a real provider on loopback."""
