"""Room feedback: what customers say, and how those who say it are protected."""
