"""Review meetings of links: people, agenda, minutes, decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.agreements.models.agreements import SIDES, AgreementVersion
from baton.agreements.models.labels import MINUTES, OWNER, POSITION, SIDE
from baton.agreements.rules import NOTE_LENGTH
from baton.agreements.rules.reviews import (
    NAME_LENGTH,
    PLACE_LENGTH,
    WORDS_LENGTH,
    Attendance,
    DecisionState,
    ItemFate,
    Keeping,
    MeetingState,
    ReviewOutcome,
    Topic,
    keeping,
)
from baton.core.models.records import Record
from baton.core.registries import Retention

MEETING_STATES = {
    MeetingState.PLANNED: pgettext_lazy("review meeting", "Planned"),
    MeetingState.HELD: pgettext_lazy("review meeting", "Held"),
    MeetingState.CANCELLED: pgettext_lazy("review meeting", "Cancelled"),
}
TOPICS = {
    Topic.AGREEMENT: _("How the agreement stands"),
    Topic.FIGURES: _("The latest weeks"),
    Topic.CLAUSE: _("Clause that does not count yet"),
    Topic.CLAUSES: _("The clauses that count"),
    Topic.SIGNAL: _("Open signal"),
    Topic.OBJECTION: _("Not answered yet"),
    Topic.GAP: _("To be cleared up"),
    Topic.CERTIFICATE: _("Certificate that runs out"),
    Topic.GUARANTEE: _("Guarantee that was called"),
    Topic.DECISION: _("Open decision"),
    Topic.PLAN_ITEM: _("Late in the joint quality plan"),
    Topic.OWN: _("Point of our own"),
    Topic.FUTURE: _("Renew, change or end"),
}
ATTENDANCES = {
    Attendance.INVITED: pgettext_lazy("attendance", "Invited"),
    Attendance.PRESENT: pgettext_lazy("attendance", "Present"),
    Attendance.EXCUSED: pgettext_lazy("attendance", "Excused"),
    Attendance.ABSENT: pgettext_lazy("attendance", "Absent"),
}
FATES = {
    ItemFate.ON: pgettext_lazy("point of an agenda", "On the agenda"),
    ItemFate.POSTPONED: pgettext_lazy("point of an agenda", "Postponed to the next meeting"),
    ItemFate.DROPPED: pgettext_lazy("point of an agenda", "Taken off"),
}
REVIEW_OUTCOMES = {
    ReviewOutcome.GO_ON: pgettext_lazy("outcome of a review", "It holds as it is"),
    ReviewOutcome.RENEW: pgettext_lazy("outcome of a review", "Renew it for another term"),
    ReviewOutcome.CHANGE: pgettext_lazy("outcome of a review", "Change it: write a new version"),
    ReviewOutcome.END: pgettext_lazy("outcome of a review", "End it"),
}
DECISION_STATES = {
    DecisionState.OPEN: pgettext_lazy("decision", "Open"),
    DecisionState.DONE: pgettext_lazy("decision", "Done"),
    DecisionState.DROPPED: pgettext_lazy("decision", "Dropped"),
}


class ReviewMeeting(Record):
    """Both sides of a link sit together. What its state means: :class:`baton.agreements.rules.reviews.MeetingState`."""

    kind = "review_meeting"

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as RM-2026-0001.")
    )
    link = models.ForeignKey(
        "chain.Link", on_delete=models.PROTECT, related_name="+", verbose_name=_("link"), help_text=_("Of which link.")
    )
    starts_at = models.DateTimeField(_("begins"), help_text=_("When it begins (UTC)."))
    ends_at = models.DateTimeField(_("ends"), help_text=_("When it ends (UTC)."))
    place = models.CharField(
        _("place"), max_length=PLACE_LENGTH, blank=True, help_text=_("Room, or address of the video call.")
    )
    state = models.CharField(
        _("state"), max_length=9, default=MeetingState.PLANNED,
        choices=[(one.value, label) for one, label in MEETING_STATES.items()], help_text=_("How far it has come."),
    )  # fmt: skip
    outcome = models.CharField(
        _("outcome"), max_length=6, blank=True,
        choices=[(one.value, label) for one, label in REVIEW_OUTCOMES.items()],
        help_text=_("What becomes of the agreement; empty: not decided."),
    )  # fmt: skip
    outcome_reason = models.CharField(
        _("reason of the outcome"), max_length=NOTE_LENGTH, blank=True, help_text=_("Why; for both sides.")
    )
    led_to = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("new version"), help_text=_("The version that was begun because of it; empty: none."),
    )  # fmt: skip
    closed_at = models.DateTimeField(
        _("closed at"), null=True, blank=True, editable=False, help_text=_("When it was closed or cancelled (UTC).")
    )
    cancelled_because = models.CharField(
        _("why it was cancelled"), max_length=NOTE_LENGTH, blank=True, help_text=_("Why; for the people invited.")
    )
    told_at = models.DateTimeField(
        _("reminded at"), null=True, blank=True, editable=False,
        help_text=_("When its people were reminded of it; empty: not yet."),
    )  # fmt: skip
    search_text = models.TextField(_("search text"), editable=False, help_text=_("The number, folded."))

    class Meta:
        verbose_name = _("review meeting")
        verbose_name_plural = _("review meetings")
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="agreements_meeting_ends_later"),
            models.CheckConstraint(
                condition=Q(state=MeetingState.PLANNED, closed_at__isnull=True)
                | (~Q(state=MeetingState.PLANNED) & Q(closed_at__isnull=False)),
                name="agreements_meeting_closed_at",
            ),
            models.CheckConstraint(
                condition=Q(state=MeetingState.CANCELLED) | Q(cancelled_because=""),
                name="agreements_meeting_cancelled_because",
            ),
            models.CheckConstraint(
                condition=Q(state=MeetingState.HELD) | Q(outcome="", led_to__isnull=True),
                name="agreements_meeting_outcome_when_held",
            ),
        )
        indexes = (
            models.Index(fields=["link", "starts_at"], name="agreements_meetings_of_a_link"),
            models.Index(fields=["state", "starts_at"], name="agreements_meetings_planned"),
        )

    def __str__(self) -> str:
        return self.number


class MeetingPerson(Record):
    """Somebody who is to be at a meeting, for a side; the quality manager for none. Of somebody without a sign-in his
    name stands here: that is his own, see :class:`baton.core.audit.vault`."""

    kind = "meeting_person"
    personal: ClassVar[Mapping[str, Retention]] = {"name": Retention(10, _("Knowing who met and decided."))}

    meeting = models.ForeignKey(
        ReviewMeeting, on_delete=models.PROTECT, related_name="people", verbose_name=_("review meeting"),
        help_text=_("To which."),
    )  # fmt: skip
    person = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person"),
        help_text=_("Who; empty: somebody without a sign-in."),
    )  # fmt: skip
    name = models.CharField(
        pgettext_lazy("of a person", "name"), max_length=NAME_LENGTH, blank=True,
        help_text=_("Name of somebody without a sign-in; empty: the person has one."),
    )  # fmt: skip
    side = models.CharField(
        SIDE, max_length=8, blank=True, choices=[(side.value, label) for side, label in SIDES.items()],
        help_text=_("For which side; empty: for none, as the quality manager who leads through it."),
    )  # fmt: skip
    attendance = models.CharField(
        _("attendance"), max_length=7, default=Attendance.INVITED,
        choices=[(one.value, label) for one, label in ATTENDANCES.items()], help_text=_("Whether he came."),
    )  # fmt: skip
    removed_at = models.DateTimeField(
        _("taken off at"), null=True, blank=True, editable=False,
        help_text=_("When he was taken off the list; empty: he was not."),
    )  # fmt: skip
    forgotten_at = models.DateTimeField(
        _("forgotten at"),
        null=True,
        editable=False,
        help_text=_("When his name was destroyed (UTC); empty: it stands."),
    )

    class Meta:
        verbose_name = _("person of a meeting")
        verbose_name_plural = _("people of meetings")
        constraints = (
            models.UniqueConstraint(
                fields=["meeting", "person"], condition=Q(person__isnull=False), name="agreements_meets_once"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, name="") | (Q(person__isnull=True) & ~Q(name="") & ~Q(side="")),
                name="agreements_meets_by_name_or_sign_in",
            ),
        )

    def __str__(self) -> str:
        return str(self.person) if self.person is not None else self.name

    def data_subject(self) -> str:
        """He himself, where his name stands here."""
        return self.public_id if self.person_id is None else ""


class AgendaItem(Record):
    """A point of an agenda with its minutes. ``facts`` are figures and texts as they stood when the agenda was last
    brought up to date; how they are said stands in :mod:`baton.agreements.pages.agenda`."""

    kind = "agenda_item"
    units: ClassVar[dict[str, str]] = {"position": "1"}

    meeting = models.ForeignKey(
        ReviewMeeting, on_delete=models.PROTECT, related_name="items", verbose_name=_("review meeting"),
        help_text=_("Of which."),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(POSITION, help_text=_("Place on the agenda, from 1 on."))
    topic = models.CharField(
        _("topic"), max_length=11, choices=[(one.value, label) for one, label in TOPICS.items()],
        help_text=_("What it is about."),
    )  # fmt: skip
    about = models.CharField(
        _("record"), max_length=40, blank=True, help_text=_("Id of what it is about; empty: the link as a whole.")
    )
    title = models.CharField(
        _("title"), max_length=NOTE_LENGTH, blank=True, help_text=_("Of a point of one's own; empty: it follows.")
    )
    facts = models.JSONField(
        _("facts"), default=dict, blank=True, help_text=_("What Baton knows of it: figures, days and texts.")
    )
    minutes = models.TextField(
        MINUTES,
        max_length=WORDS_LENGTH,
        blank=True,
        help_text=_("What was said to it; empty: nothing yet."),
    )
    fate = models.CharField(
        _("fate"), max_length=9, default=ItemFate.ON,
        choices=[(one.value, label) for one, label in FATES.items()],
        help_text=_("Whether it is talked over at this meeting."),
    )  # fmt: skip
    carried_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("postponed point"),
        help_text=_("The point of the meeting before that was put off; empty: it is new."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("point of an agenda")
        verbose_name_plural = _("points of agendas")
        constraints = (
            models.CheckConstraint(
                condition=~Q(topic=Topic.OWN) | ~Q(title=""), name="agreements_own_point_has_a_title"
            ),
            models.UniqueConstraint(
                fields=["meeting", "topic", "about"], condition=~Q(topic=Topic.OWN), name="agreements_point_once"
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=["meeting", "position"], name="agreements_agenda"),)

    def __str__(self) -> str:
        return self.title or str(self.get_topic_display())


class Decision(Record):
    """What a meeting decided: who does what until when. Its words, owner and day stand still once the meeting is
    closed; who takes it over later, and what became of it, is said beside."""

    kind = "decision"

    meeting = models.ForeignKey(
        ReviewMeeting, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("review meeting"),
        help_text=_("Of which."),
    )  # fmt: skip
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions",
        verbose_name=_("point of an agenda"), help_text=_("To which point; empty: to none."),
    )  # fmt: skip
    words = models.CharField(
        _("decision"), max_length=NOTE_LENGTH, help_text=_("What is to be done, or holds from now on.")
    )
    owner = models.ForeignKey(
        MeetingPerson, on_delete=models.PROTECT, related_name="decisions", verbose_name=OWNER,
        help_text=_("Who sees to it."),
    )  # fmt: skip
    handed_to = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handed to"),
        help_text=_("Who took it over after the meeting; empty: nobody."),
    )  # fmt: skip
    due_on = models.DateField(_("due on"), help_text=_("The day until which it is to be done."))
    state = models.CharField(
        _("state"), max_length=7, default=DecisionState.OPEN,
        choices=[(one.value, label) for one, label in DECISION_STATES.items()], help_text=_("What became of it."),
    )  # fmt: skip
    done_on = models.DateField(_("done on"), null=True, blank=True, help_text=_("The day on which it was done."))
    note = models.CharField(
        _("note"), max_length=NOTE_LENGTH, blank=True, help_text=_("What was done, or why it was dropped.")
    )
    told_soon_at = models.DateTimeField(
        _("reminded at"), null=True, blank=True, editable=False,
        help_text=_("When the owner was told that it is due; empty: not yet."),
    )  # fmt: skip
    told_late_at = models.DateTimeField(
        _("told late at"), null=True, blank=True, editable=False,
        help_text=_("When the owner was told that it is late; empty: not yet."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = (
            models.CheckConstraint(
                condition=Q(state=DecisionState.DONE, done_on__isnull=False)
                | (~Q(state=DecisionState.DONE) & Q(done_on__isnull=True)),
                name="agreements_decision_done_on",
            ),
            models.CheckConstraint(
                condition=~Q(state=DecisionState.DROPPED) | ~Q(note=""), name="agreements_decision_dropped_because"
            ),
        )
        indexes = (models.Index(fields=["state", "due_on"], name="agreements_decisions_due"),)

    def __str__(self) -> str:
        return self.words

    def keeping_on(self, day: date) -> Keeping:
        """How it is kept on a day."""
        return keeping(self.due_on, day, done_on=self.done_on, dropped=self.state == DecisionState.DROPPED)
