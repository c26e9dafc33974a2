"""Forms about review meetings: day and place, people, agenda, minutes, decisions, closing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.agreements.forms.versions import reason_field
from baton.agreements.models import AgendaItem, Decision, MeetingPerson, ReviewMeeting
from baton.agreements.models.agreements import SIDES
from baton.agreements.models.reviews import ATTENDANCES, MEETING_STATES, REVIEW_OUTCOMES
from baton.agreements.queries.reviews import DecisionFilters, MeetingFilters
from baton.agreements.rules import NOTE_LENGTH, Side
from baton.agreements.rules.reviews import (
    NAME_LENGTH,
    PLACE_LENGTH,
    WORDS_LENGTH,
    Attendance,
    ReviewOutcome,
)
from baton.chain.forms.choosing import ColleagueForm, Offered, chosen, offer
from baton.chain.forms.parties import day_field
from baton.core.choosing_people import PersonField
from baton.core.forms import RecordForm

_TIME_WRONG = _("A time of day was expected, such as 14:30. Correct it.")


class TimeInput(forms.TimeInput):
    """The browser's own field for a time of day."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def time_field(label: Any, help_text: Any = "") -> forms.TimeField:
    """A time of day, in the reader's zone."""
    return forms.TimeField(
        label=label, help_text=help_text, widget=TimeInput(), error_messages={"invalid": _TIME_WRONG}
    )


class AppointmentForm(RecordForm):
    """When and where a meeting takes place; times are those of the reader's zone."""

    field_order = ("day", "starts", "ends", "place")

    day = day_field(_("Day"), required=True)
    starts = time_field(_("Begins"))
    ends = time_field(_("Ends"))
    place = forms.CharField(
        label=_("Place"), max_length=PLACE_LENGTH, required=False, help_text=_("A room, or the address of the call.")
    )

    def _shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        if "starts_at" not in values:
            return super()._shown(values)
        first, last = (timezone.localtime(_moment(values[name])) for name in ("starts_at", "ends_at"))
        return {"day": first.date(), "starts": first.time(), "ends": last.time(), "place": values["place"]}

    def given(self) -> dict[str, Any]:
        """What plan_meeting and move_meeting of :mod:`baton.agreements.changes` take."""
        data, zone = self.cleaned_data, timezone.get_current_timezone()
        return {
            "starts_at": datetime.combine(data["day"], data["starts"], zone),
            "ends_at": datetime.combine(data["day"], data["ends"], zone),
            "place": data["place"],
        }


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


class InviteForm(ColleagueForm):
    """A colleague, or somebody without a sign-in by his name and side."""

    field_order = ("person", "name", "side")

    person = PersonField(label=_("Colleague"), required=False, help_text=_("Of one of the two sides. Type and choose."))
    name = forms.CharField(
        label=_("Or somebody without a sign-in"), max_length=NAME_LENGTH, required=False,
        help_text=_("His name, as people know him. Baton cannot remind him; invite him yourself."),
    )  # fmt: skip
    side = forms.ChoiceField(
        label=_("He comes for"), required=False, choices=[("", "—"), *((one.value, SIDES[one]) for one in Side)],
        help_text=_("Of a colleague it follows from where he belongs."),
    )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.reviews.invite` takes."""
        data = self.cleaned_data
        return {
            "person": data["person"], "name": data["name"], "side": Side(data["side"]) if data["side"] else None,
        }  # fmt: skip


class AttendanceForm(RecordForm):
    """Who came: a choice for each of the people of a meeting."""

    def __init__(self, *args: Any, people: Sequence[MeetingPerson], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = people
        for one in people:
            self.fields[one.public_id] = forms.ChoiceField(
                label=str(one), choices=[(state.value, label) for state, label in ATTENDANCES.items()],
                initial=one.attendance, required=False,
            )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.reviews.note_attendance` takes."""
        data = self.cleaned_data
        said = {one.public_id: data[one.public_id] for one in self._people if data.get(one.public_id)}
        return {"attendance": {key: Attendance(value) for key, value in said.items()}}


class AgendaItemForm(RecordForm):
    """A point of one's own."""

    title = forms.CharField(
        label=_("What is to be talked over"), max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.agenda.add_item` takes."""
        return {"title": self.cleaned_data["title"]}


class MinutesForm(RecordForm):
    """What was said to a point."""

    minutes = forms.CharField(
        label=pgettext_lazy("of a meeting", "Minutes"),
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, record: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, record=record, auto_id=f"id_{record.public_id}_%s", **kwargs)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.agenda.write_minutes` takes."""
        return {"minutes": self.cleaned_data["minutes"], "expected_seq": self.version}


class DecisionForm(RecordForm):
    """What was decided, who sees to it, until when."""

    field_order = ("words", "owner", "due_on", "item")

    words = forms.CharField(
        label=_("What was decided"), max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )
    owner = forms.ChoiceField(label=_("Who sees to it"), help_text=_("One of the people of this meeting."))
    due_on = day_field(_("Until"), required=True)
    item = forms.ChoiceField(label=_("To which point"), required=False)

    def __init__(
        self, *args: Any, people: Sequence[MeetingPerson], items: Sequence[tuple[AgendaItem, str]],
        record: Decision | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        """``items`` are points of the agenda with what the reader calls them."""
        super().__init__(*args, record=record, **kwargs)
        self._people, self._items = list(people), [item for item, _title in items]
        offer(self, "owner", self._people)
        field = self.fields["item"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *((item.public_id, title[:80]) for item, title in items)]

    def given(self) -> dict[str, Any]:
        """What decide and change_decision of :mod:`baton.agreements.changes.decisions` take."""
        data = self.cleaned_data
        return {
            "words": data["words"], "owner": chosen(self._people, data["owner"]), "due_on": data["due_on"],
            "item": chosen(self._items, data["item"]),
        }  # fmt: skip


class DoneForm(RecordForm):
    """When it was done, and what came of it."""

    done_on = day_field(_("Done on"), _("Empty: today."))
    note = reason_field(_("What was done"), _("For both sides."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.decisions.end_decision` takes."""
        data = self.cleaned_data
        return {"done_on": data["done_on"], "note": data["note"], "expected_seq": self.version}


class NoteForm(RecordForm):
    """Why a decision is no longer wanted."""

    note = reason_field(_("Why"), _("For both sides."), required=True)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.decisions.end_decision` takes."""
        return {"note": self.cleaned_data["note"], "expected_seq": self.version}


class HandOverForm(ColleagueForm):
    """Who sees to it from now on."""

    person = PersonField(label=_("Who sees to it from now on"), help_text=_("Somebody of one of the two sides."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.decisions.hand_over_decision` takes."""
        return {"person": self.cleaned_data["person"], "expected_seq": self.version}


class ClosingForm(RecordForm):
    """What becomes of the agreement, and that the minutes stand still from now on."""

    outcome = forms.ChoiceField(
        label=_("What becomes of the agreement"), required=False, widget=forms.RadioSelect,
        choices=[("", _("Nothing was decided")), *((one.value, REVIEW_OUTCOMES[one]) for one in ReviewOutcome)],
        help_text=_("A review takes the place of a new tender. Renewing and changing begin a draft for both sides."),
    )  # fmt: skip
    reason = reason_field(_("Why"), _("For both sides; needed to change or to end the agreement."))

    def __init__(self, *args: Any, record: ReviewMeeting, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.closing_reviews.close_meeting` takes."""
        data = self.cleaned_data
        outcome = ReviewOutcome(data["outcome"]) if data["outcome"] else None
        return {"outcome": outcome, "reason": data["reason"], "expected_seq": self.version}


class MeetingFilterForm(forms.Form):
    """What the list of meetings shows; anything that makes no sense is left out."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[("", _("All")), *((one.value, label) for one, label in MEETING_STATES.items())],
    )  # fmt: skip
    party = forms.ChoiceField(label=_("Party"), required=False)

    def __init__(self, *args: Any, parties: Sequence[Offered] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "party", parties, nobody=_("All"))


SHOWS = [
    ("open", pgettext_lazy("what is due", "Open")), ("late", _("Late")), ("mine", _("Mine")), ("all", _("All")),
]  # fmt: skip


class DecisionFilterForm(forms.Form):
    """Which decisions the list shows."""

    show = forms.ChoiceField(label=_("Show"), required=False, choices=SHOWS)
    party = forms.ChoiceField(label=_("Party"), required=False)

    def __init__(self, *args: Any, parties: Sequence[Offered] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "party", parties, nobody=_("All"))


def asked_meetings(asked: Mapping[str, str]) -> MeetingFilters:
    """The filters of an address."""
    return MeetingFilters(
        search=asked.get("q", ""), state=asked.get("state", ""), party=asked.get("party", ""),
        order=asked.get("order", "-day"),
    )  # fmt: skip


def asked_decisions(asked: Mapping[str, str]) -> DecisionFilters:
    """The filters of an address."""
    show = asked.get("show", "") or "open"
    return DecisionFilters(show=show if show in dict(SHOWS) else "open", party=asked.get("party", ""))
