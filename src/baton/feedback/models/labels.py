"""Labels that several tables share."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.feedback.rules.waves import Band, Mode, WaveState, Way

WAVE = pgettext_lazy("of a survey", "wave")
OF_WAVE = _("Of which wave.")

WAVE_STATES = {
    WaveState.DRAFT: pgettext_lazy("wave of a survey", "In preparation"),
    WaveState.OPEN: pgettext_lazy("wave of a survey", "Open"),
    WaveState.CLOSED: pgettext_lazy("wave of a survey", "Closed"),
    WaveState.PUBLISHED: pgettext_lazy("wave of a survey", "Published"),
    WaveState.LOST: pgettext_lazy("wave of a survey", "Lost"),
    WaveState.WITHDRAWN: pgettext_lazy("wave of a survey", "Withdrawn"),
}
MODES = {
    Mode.ANONYMOUS: pgettext_lazy("survey", "Anonymous"),
    Mode.NAMED: pgettext_lazy("survey", "Named"),
}
BANDS = {
    Band.LEAD: pgettext_lazy("who answers", "Heads and their deputies"),
    Band.STAFF: pgettext_lazy("who answers", "Staff"),
}
WAYS = {
    Way.MAIL: pgettext_lazy("how a survey reaches somebody", "E-mail"),
    Way.APP: pgettext_lazy("how a survey reaches somebody", "In Baton"),
    Way.CARD: pgettext_lazy("how a survey reaches somebody", "Drawn card"),
}
