"""Waves of surveys: what is asked, about which links, of whom."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.records import Record
from baton.core.texts import TextsField, say
from baton.feedback.models.labels import BANDS, MODES, OF_WAVE, WAVE, WAVE_STATES, WAYS
from baton.feedback.models.questionnaires import REASON_LENGTH, Questionnaire
from baton.feedback.rules.asking import WINDOW_DAYS
from baton.feedback.rules.questions import SCALED, Contents, contents_of, scored_of
from baton.feedback.rules.waves import FEWEST, FEWEST_COMMENTS, Band, Mode, WaveState, Way


class Asking(models.Model):
    """Whom a wave asks, how often, and who runs it."""

    collector = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("outside collector"),
        help_text=_("Who reads sheets without names and passes comments, outside the organisation; empty: nobody."),
    )  # fmt: skip
    window_days = models.PositiveSmallIntegerField(
        _("days looked back"), default=WINDOW_DAYS,
        help_text=_("Who dealt with a link in so many days before is asked about it."),
    )  # fmt: skip
    half_width = models.FloatField(
        _("half-width"), null=True, blank=True,
        help_text=_("Of the interval for which enough people are asked, by chance; empty: everybody is asked."),
    )  # fmt: skip
    reminds = models.BooleanField(
        _("reminds"), default=True, help_text=_("Whether everybody who is asked is reminded, half-way and at the end.")
    )

    class Meta:
        abstract = True


class Wave(Asking, Record):
    """One round of asking. What its states mean: :class:`baton.feedback.rules.WaveState`."""

    kind = "wave"
    units: ClassVar[dict[str, str]] = {
        "least": "answers", "least_comments": "sheets", "invited": "people", "cards": "cards", "answered": "sheets",
        "window_days": "d", "half_width": "points of the scale",
    }  # fmt: skip

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as SV-2026-0001.")
    )
    title = TextsField(pgettext_lazy("of a wave", "title"), help_text=_("What it is called, by language."))
    sort_keys = models.JSONField(_("sort keys"), default=dict, editable=False, help_text=_("Sort key by language."))
    search_text = models.TextField(
        _("search text"), editable=False, help_text=_("Number and titles, folded for searching.")
    )
    intro = TextsField(
        _("first page"),
        blank=True,
        help_text=_("What those who are asked read first, by language."),
    )
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="waves", verbose_name=_("questionnaire"),
        help_text=_("What is asked."),
    )  # fmt: skip
    mode = models.CharField(
        _("anonymous or named"), max_length=9, default=Mode.ANONYMOUS,
        choices=[(mode.value, label) for mode, label in MODES.items()],
        help_text=_("Whether answers stand beside names; it stands still once somebody may have answered."),
    )  # fmt: skip
    state = models.CharField(
        pgettext_lazy("of a wave", "state"), max_length=9, default=WaveState.DRAFT, editable=False,
        choices=[(state.value, label) for state, label in WAVE_STATES.items()], help_text=_("How far it has come."),
    )  # fmt: skip
    led_by = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("led by"),
        help_text=_("Who prepared it; empty: Baton itself."),
    )  # fmt: skip
    least = models.PositiveSmallIntegerField(
        _("fewest answers"), default=FEWEST, help_text=_("On which a published figure rests; once open it only rises.")
    )
    least_comments = models.PositiveSmallIntegerField(
        _("fewest sheets for comments"), default=FEWEST_COMMENTS,
        help_text=_("Among which comments are shown; once open it only rises."),
    )  # fmt: skip
    closes_at = models.DateTimeField(_("closes at"), help_text=_("From when on nobody answers any more."))
    opened_at = models.DateTimeField(
        _("opened at"), null=True, editable=False, help_text=_("From when on people could answer; empty: not yet.")
    )
    closed_at = models.DateTimeField(
        _("closed at"), null=True, editable=False, help_text=_("When the urn was emptied; empty: not yet.")
    )
    published_at = models.DateTimeField(
        _("published at"), null=True, editable=False, help_text=_("When the results were published; empty: not yet.")
    )
    ended_because = models.CharField(
        _("why it was withdrawn"), max_length=REASON_LENGTH, blank=True, help_text=_("Why; empty: it was not.")
    )
    document = models.JSONField(
        _("contents as asked"), default=dict, editable=False,
        help_text=_("The questionnaire as it was when the wave was opened; empty before."),
    )  # fmt: skip
    digest = models.CharField(
        _("digest of the contents"), max_length=64, blank=True, editable=False,
        help_text=_("SHA-256 of the contents as asked; empty before."),
    )  # fmt: skip
    public_key = models.CharField(
        _("public key"), max_length=64, blank=True, editable=False,
        help_text=_("X25519 key to which sheets are sealed, hexadecimal; empty: not open yet, or named."),
    )  # fmt: skip
    invited = models.PositiveIntegerField(
        _("invited"), default=0, editable=False, help_text=_("How many people were asked when it was opened.")
    )
    cards = models.PositiveIntegerField(
        _("cards"), default=0, editable=False, help_text=_("How many cards were printed to be drawn.")
    )
    answered = models.PositiveIntegerField(
        _("answered"), null=True, editable=False, help_text=_("How many sheets lay in the urn; empty: not closed yet.")
    )

    class Meta:
        verbose_name = _("wave of a survey")
        verbose_name_plural = _("waves of surveys")
        constraints = (
            models.CheckConstraint(condition=Q(least__gte=FEWEST), name="feedback_wave_least"),
            models.CheckConstraint(
                condition=Q(least_comments__gte=F("least")) & Q(least_comments__gte=FEWEST_COMMENTS),
                name="feedback_wave_least_comments",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[WaveState.DRAFT, WaveState.WITHDRAWN], opened_at__isnull=True)
                | (~Q(state__in=[WaveState.DRAFT, WaveState.WITHDRAWN]) & Q(opened_at__isnull=False) & ~Q(digest="")),
                name="feedback_wave_opened_with_contents",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[WaveState.CLOSED, WaveState.PUBLISHED], answered__isnull=False)
                | ~Q(state__in=[WaveState.CLOSED, WaveState.PUBLISHED]),
                name="feedback_wave_closed_with_count",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return say(self.title) or self.number

    @property
    def contents(self) -> Contents:
        """What it asks: as it was opened; before, as the questionnaire stands."""
        return contents_of(self.document) if self.document else self.questionnaire.contents

    @property
    def rating_scale(self) -> tuple[int, int]:
        """Ends of the scale of its ratings, on which suppliers predict: that of the first one; 1 to 5 without any."""
        rated = (one for one in scored_of(self.contents) if one.question.kind in SCALED)
        return next(((one.low, one.high) for one in rated), (1, 5))


class WaveLink(Record):
    """A link that a wave asks about. Before answers open its supplier may say how it will be rated."""

    kind = "wave_link"
    units: ClassVar[dict[str, str]] = {"predicted": "1"}

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="links", verbose_name=WAVE, help_text=OF_WAVE)
    link = models.ForeignKey(
        "chain.Link", on_delete=models.PROTECT, related_name="+", verbose_name=_("link"),
        help_text=_("About which it asks."),
    )  # fmt: skip
    predicted = models.FloatField(
        _("predicted rating"), null=True, blank=True,
        help_text=_("What the supplier expects on average on the scale of the ratings; empty: it has not said."),
    )  # fmt: skip
    predicted_at = models.DateTimeField(
        _("predicted at"), null=True, editable=False, help_text=_("When the supplier said so; empty: it has not.")
    )

    class Meta:
        verbose_name = _("link of a wave")
        verbose_name_plural = _("links of waves")
        constraints = (
            models.UniqueConstraint(fields=["wave", "link"], name="feedback_link_once_a_wave"),
            models.CheckConstraint(
                condition=Q(predicted__isnull=True) ^ Q(predicted_at__isnull=False), name="feedback_predicted_with_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.wave_id} {self.link_id}"


class SurveyInvitation(Record):
    """That somebody is asked. It says nothing of an answer, and never will: reminders go to everybody."""

    kind = "survey_invitation"

    wave = models.ForeignKey(
        Wave, on_delete=models.PROTECT, related_name="invitations", verbose_name=WAVE, help_text=OF_WAVE
    )
    person = models.ForeignKey(
        "core.Person",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("person"),
        help_text=_("Who is asked."),
    )
    way = models.CharField(
        _("way"), max_length=4, choices=[(way.value, label) for way, label in WAYS.items() if way is not Way.CARD],
        help_text=_("How the way to his sheet reaches him."),
    )  # fmt: skip
    handed_at = models.DateTimeField(
        _("handed over at"), null=True, editable=False,
        help_text=_("When the way to his sheet was sent or laid ready; empty: not yet."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("invitation to a survey")
        verbose_name_plural = _("invitations to surveys")
        constraints = (models.UniqueConstraint(fields=["wave", "person"], name="feedback_invited_once"),)

    def __str__(self) -> str:
        return f"{self.wave_id} {self.person_id}"


class InvitedLink(models.Model):
    """About which links of a wave somebody is asked, and in which band he answers there."""

    invitation = models.ForeignKey(
        SurveyInvitation, on_delete=models.CASCADE, related_name="links", verbose_name=_("invitation"),
        help_text=_("Of which invitation."),
    )  # fmt: skip
    wave_link = models.ForeignKey(
        WaveLink, on_delete=models.CASCADE, related_name="+", verbose_name=_("link"), help_text=_("About which link.")
    )
    band = models.CharField(
        _("band"), max_length=5, choices=[(band.value, label) for band, label in BANDS.items()], default=Band.STAFF,
        help_text=_("Part that he plays in the department from which he is asked."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("link of an invitation")
        verbose_name_plural = _("links of invitations")
        constraints = (models.UniqueConstraint(fields=["invitation", "wave_link"], name="feedback_asked_once"),)

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.wave_link_id}"


class NamedSheet(Record):
    """What somebody answered about one link, beside his name: only in waves that say so. An anonymous wave has none."""

    kind = "named_sheet"

    wave = models.ForeignKey(
        Wave, on_delete=models.PROTECT, related_name="named_sheets", verbose_name=WAVE, help_text=OF_WAVE
    )
    person = models.ForeignKey(
        "core.Person",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("person"),
        help_text=_("Who answered."),
    )
    wave_link = models.ForeignKey(
        WaveLink, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("link"),
        help_text=_("About which link; empty: about none."),
    )  # fmt: skip
    band = models.CharField(
        _("band"), max_length=5, blank=True, choices=[(band.value, label) for band, label in BANDS.items()],
        help_text=_("Part that he plays in the department from which he was asked; empty: about no link."),
    )  # fmt: skip
    answers = models.JSONField(_("answers"), default=dict, help_text=_("By the keys of the questions."))

    class Meta:
        verbose_name = _("named sheet")
        verbose_name_plural = _("named sheets")
        constraints = (
            models.UniqueConstraint(fields=["wave", "person", "wave_link"], name="feedback_named_sheet_once"),
            models.UniqueConstraint(
                fields=["wave", "person"], condition=Q(wave_link__isnull=True), name="feedback_named_sheet_of_wave_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.wave_id} {self.person_id}"
