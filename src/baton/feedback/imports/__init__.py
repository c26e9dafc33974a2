"""Tables that the feedback takes in."""

from baton.feedback.imports.complaints import COMPLAINTS

__all__ = ["COMPLAINTS"]
