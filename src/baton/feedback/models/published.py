"""What was published of waves. Pages, exports, interfaces and other rooms read this and no answers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baton.feedback.models.labels import BANDS, FIGURES, GROUPINGS, OF_WAVE, REASONS_HIDDEN, STUDIES, WAVE
from baton.feedback.models.waves import Wave, WaveLink


class PublishedCell(models.Model):
    """One figure of one group of answers: shown, or hidden with as much of the reason as may be told."""

    units: ClassVar[dict[str, str]] = {"n": "answers", "value": "1", "lower": "1", "upper": "1"}

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="cells", verbose_name=WAVE, help_text=OF_WAVE)
    column = models.CharField(
        _("question"), max_length=64, help_text=_("Key of the question, and of its part where it has several.")
    )
    figure = models.CharField(
        _("figure"), max_length=9, choices=[(one.value, label) for one, label in FIGURES.items()],
        help_text=_("What is said of the answers."),
    )  # fmt: skip
    grouping = models.CharField(
        _("grouping"), max_length=13, choices=[(one.value, label) for one, label in GROUPINGS.items()],
        help_text=_("Which answers are taken together."),
    )  # fmt: skip
    cell = models.CharField(
        _("cell"), max_length=60, blank=True,
        help_text=_("What tells the cell from others of its grouping; empty: all answers."),
    )  # fmt: skip
    wave_link = models.ForeignKey(
        WaveLink, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("link"),
        help_text=_("About which link; empty: not told apart by it."),
    )  # fmt: skip
    supplier = models.ForeignKey(
        "chain.Party", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("supplier"),
        help_text=_("About whose links; empty: not told apart by it."),
    )  # fmt: skip
    customer = models.ForeignKey(
        "chain.Party", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("customer"),
        help_text=_("Of whose answers; empty: not told apart by it."),
    )  # fmt: skip
    band = models.CharField(
        _("band"), max_length=5, blank=True, choices=[(band.value, label) for band, label in BANDS.items()],
        help_text=_("Of heads or of staff; empty: not told apart by it."),
    )  # fmt: skip
    why = models.CharField(
        _("why it is hidden"), max_length=10, blank=True,
        choices=[(one.value, label) for one, label in REASONS_HIDDEN.items()], help_text=_("Empty: it is shown."),
    )  # fmt: skip
    n = models.PositiveIntegerField(_("answers"), null=True, help_text=_("How many there are; empty: it is hidden."))
    value = models.FloatField(_("value"), null=True, help_text=_("The figure, to one decimal; empty: it is hidden."))
    lower = models.FloatField(_("lower bound"), null=True, help_text=_("Of its 95 % interval; empty: none."))
    upper = models.FloatField(_("upper bound"), null=True, help_text=_("Of its 95 % interval; empty: none."))
    method = models.CharField(
        _("method"), max_length=20, blank=True, help_text=_("How the interval was computed; empty: there is none.")
    )

    class Meta:
        verbose_name = _("published figure")
        verbose_name_plural = _("published figures")
        constraints = (
            models.UniqueConstraint(
                fields=["wave", "column", "figure", "grouping", "cell"], name="feedback_published_once"
            ),
            models.CheckConstraint(
                condition=Q(why="", n__isnull=False, value__isnull=False)
                | (~Q(why="") & Q(n__isnull=True, value__isnull=True, lower__isnull=True, upper__isnull=True)),
                name="feedback_hidden_says_nothing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.wave_id} {self.column} {self.grouping} {self.cell}"


class PublishedStudy(models.Model):
    """What was worked out from all answers of a wave together."""

    wave = models.ForeignKey(
        Wave, on_delete=models.PROTECT, related_name="studies", verbose_name=WAVE, help_text=OF_WAVE
    )
    study = models.CharField(
        _("study"), max_length=11, choices=[(one.value, label) for one, label in STUDIES.items()],
        help_text=_("What was worked out."),
    )  # fmt: skip
    subject = models.CharField(
        _("subject"), max_length=64, blank=True, help_text=_("Key of the dimension or question; empty: the wave.")
    )
    result = models.JSONField(
        _("result"),
        help_text=_("Figures with numbers of answers, intervals, method and warnings; or why there are none."),
    )

    class Meta:
        verbose_name = _("published study")
        verbose_name_plural = _("published studies")
        constraints = (models.UniqueConstraint(fields=["wave", "study", "subject"], name="feedback_studied_once"),)

    def __str__(self) -> str:
        return f"{self.wave_id} {self.study} {self.subject}"
