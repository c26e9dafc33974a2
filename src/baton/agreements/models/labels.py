"""Labels that several tables share, and whose words mean something else elsewhere."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

POSITION = pgettext_lazy("in an order", "position")
SIDE = pgettext_lazy("of an agreement", "side")
GOAL = pgettext_lazy("of a plan", "goal")
NOTE = pgettext_lazy("of a workshop", "note")
MINUTES = pgettext_lazy("of a meeting", "minutes")
OWNER = pgettext_lazy("of a decision", "owner")
