"""Signing in: who somebody is, with allauth's pages and our rules for names, passwords, attempts and sessions."""
