"""What a shared tablet is for, and for how long."""

from __future__ import annotations

from baton.handoffs.rules.lives import Step

TABLET_NAME_LENGTH = 60
"""Longest name of a tablet, in characters."""

TABLET_DAYS = range(1, 367)
"""Days for which a tablet may be registered."""

TABLET_STEPS = (Step.DELIVER, Step.WARN_LATE, Step.ACCEPT, Step.ACCEPT_PART, Step.RETURN)
"""What a team does daily; everything else is done where somebody is signed in."""
