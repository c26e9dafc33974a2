"""Labels that several tables share."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.feedback.rules.published import Figure, Grouping, Study, Why
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
GROUPINGS = {
    Grouping.WHOLE: pgettext_lazy("answers of", "The whole wave"),
    Grouping.SUPPLIER: pgettext_lazy("answers of", "By supplier"),
    Grouping.CUSTOMER: pgettext_lazy("answers of", "By customer"),
    Grouping.LINK: pgettext_lazy("answers of", "By link"),
    Grouping.BAND: pgettext_lazy("answers of", "By heads and staff"),
    Grouping.LINK_BAND: pgettext_lazy("answers of", "By link, heads and staff"),
    Grouping.SUPPLIER_BAND: pgettext_lazy("answers of", "By supplier, heads and staff"),
}
FIGURES = {
    Figure.MEAN: pgettext_lazy("of answers", "Mean"),
    Figure.SATISFIED: pgettext_lazy("of answers", "Satisfied, %"),
    Figure.NPS: pgettext_lazy("of answers", "NPS"),
}
REASONS_HIDDEN = {
    Why.FEW: pgettext_lazy("figure that is not shown", "Few answers"),
    Why.PROTECTION: pgettext_lazy("figure that is not shown", "Protects others"),
}
STUDIES = {
    Study.RELIABILITY: pgettext_lazy("of answers", "Whether questions belong together"),
    Study.DRIVERS: pgettext_lazy("of answers", "What moves it"),
    Study.IMPORTANCE: pgettext_lazy("of answers", "Importance and performance"),
    Study.GAPS: pgettext_lazy("of answers", "Expected and experienced"),
    Study.KANO: pgettext_lazy("of answers", "What is taken for granted and what delights"),
    Study.NPS: pgettext_lazy("of answers", "Recommendation"),
    Study.RATERS: pgettext_lazy("of answers", "Mild and severe raters"),
}
