"""Forms about feedback: telling it, entering what others told, and saying what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.chain.forms.choosing import Offered, among_colleagues, offer
from baton.chain.forms.parties import day_field
from baton.core.actors import Actor
from baton.core.choosing_people import PersonField
from baton.core.days import day_of
from baton.core.forms import RecordForm
from baton.core.texts import say
from baton.feedback.changes import FeedbackTold
from baton.feedback.models import FeedbackItem
from baton.feedback.models.inbox import CATEGORIES, CHANNELS
from baton.feedback.queries.inbox import InboxFilters
from baton.feedback.rules.complaints import Channel, Matter
from baton.feedback.rules.inbox import (
    BY_CODE,
    ENTERED,
    NAME_LENGTH,
    REACH_LENGTH,
    WORDS_LENGTH,
    FeedbackCategory,
    FeedbackChannel,
)

SHOWS = [
    ("open", pgettext_lazy("feedback", "Waits for an outcome")), ("turn", pgettext_lazy("feedback", "It is my turn")),
    ("late", _("Late")), ("mine", pgettext_lazy("feedback", "Told or entered by me")), ("all", _("All")),
]  # fmt: skip
_CATEGORIES = [(one.value, label) for one, label in CATEGORIES.items()]
_CHANNELS = [(one.value, label) for one, label in CHANNELS.items()]
_PROPOSED = ("", pgettext_lazy("feedback", "As the words say"))
_NOON = time(12)


def feedback_words(label: Any, help_text: Any = "", *, required: bool = True, rows: int = 4) -> forms.CharField:
    """A field for what somebody tells or answers."""
    return forms.CharField(
        label=label, help_text=help_text, max_length=WORDS_LENGTH, required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


class TellForm(RecordForm):
    """One sentence, what it is, and whom it is about."""

    field_order: Iterable[str] | None = ("words", "category", "party")

    words = feedback_words(
        pgettext_lazy("feedback", "What do you want to tell?"),
        _("One sentence is enough. Whom it concerns, the quality manager and you read it, director and auditor without "
          "your name."),
    )  # fmt: skip
    category = forms.ChoiceField(
        label=pgettext_lazy("feedback", "Kind"), required=False, choices=[_PROPOSED, *_CATEGORIES],
        help_text=_("Baton proposes one by your words; whoever deals with it may change it."),
    )  # fmt: skip
    party = forms.ChoiceField(
        label=pgettext_lazy("feedback", "Whom is it about?"), required=False,
        help_text=_("Empty: the quality manager finds out."),
    )  # fmt: skip

    def __init__(self, *args: Any, parties: Sequence[Offered] | None, **kwargs: Any) -> None:
        """``parties`` None: what it is about is known."""
        super().__init__(*args, **kwargs)
        if parties is None:
            del self.fields["party"]
        else:
            offer(self, "party", parties)

    def told(self, subject: Mapping[str, Any], language: str) -> FeedbackTold:
        """What is told; ``subject`` is the party and the link that it is about."""
        data = self.cleaned_data
        category = FeedbackCategory(data["category"]) if data["category"] else None
        return FeedbackTold(
            words=data["words"], category=category, language=language, name=data.get("name", ""),
            reach=data.get("reach", ""), **subject,
        )  # fmt: skip


class DoorForm(TellForm):
    """What anybody tells on an open page, without a sign-in."""

    field_order = ("words", "category", "name", "reach", "by")

    name = forms.CharField(label=_("Your name"), required=False, max_length=NAME_LENGTH)
    reach = forms.CharField(
        label=_("How to reach you"), required=False, max_length=REACH_LENGTH,
        help_text=_("Telephone or e-mail, only if you want an answer."),
    )  # fmt: skip
    by = forms.CharField(required=False, max_length=4, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, parties=None, **kwargs)
        self.fields["words"].help_text = _("One sentence is enough.")
        self.fields["category"].help_text = ""

    @property
    def channel(self) -> FeedbackChannel:
        """By the code of a poster, or by an address that somebody has."""
        return FeedbackChannel.QR if self.cleaned_data["by"] == BY_CODE else FeedbackChannel.FORM


class OpenDoorForm(RecordForm):
    """Whom the open page is about."""

    party = forms.ChoiceField(label=_("Party"), help_text=_("A department or team; its name stands on the page."))

    def __init__(self, *args: Any, parties: Sequence[Offered] | None, **kwargs: Any) -> None:
        """``parties`` None: what it is about is known."""
        super().__init__(*args, **kwargs)
        if parties is None:
            del self.fields["party"]
        else:
            offer(self, "party", parties)


class CloseDoorForm(RecordForm):
    """Nothing but the decision."""


class EnterForm(TellForm):
    """What somebody told on paper, by telephone or by word of mouth."""

    field_order = ("channel", "received_on", "words", "category", "party", "name", "reach")

    channel = forms.ChoiceField(
        label=pgettext_lazy("feedback", "How did it reach you?"), widget=forms.RadioSelect,
        choices=[(one.value, CHANNELS[one]) for one in ENTERED],
    )  # fmt: skip
    received_on = day_field(pgettext_lazy("feedback", "Received on"), _("Empty: now."))
    name = forms.CharField(
        label=pgettext_lazy("feedback", "Who told it"), required=False, max_length=NAME_LENGTH,
        help_text=_("Only if he wants to be named. It is erased a year after the outcome."),
    )  # fmt: skip
    reach = forms.CharField(
        label=pgettext_lazy("feedback", "How to reach him"), required=False, max_length=REACH_LENGTH,
        help_text=_("Telephone or e-mail, only if he wants an answer."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = self.fields["words"]
        words.label, words.help_text = _("What was told"), _("In the words of who told it.")

    def entered(self, at: datetime) -> dict[str, Any]:
        """On which way it came, and when: a day in the past counts from its noon."""
        day = self.cleaned_data["received_on"]
        noon = datetime.combine(day, _NOON, ZoneInfo(settings.TIME_ZONE)) if day is not None else None
        received = None if noon is None or day == day_of(at) else noon
        return {"channel": FeedbackChannel(self.cleaned_data["channel"]), "received_at": received}


class SortForm(RecordForm):
    """Of which kind it is."""

    category = forms.ChoiceField(label=pgettext_lazy("feedback", "Kind"), choices=_CATEGORIES)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.feedback.changes.sort_feedback` takes."""
        return {"category": FeedbackCategory(self.cleaned_data["category"]), "expected_seq": self.version}


_AS_COMPLAINT = {
    FeedbackChannel.BATON: Channel.WEB, FeedbackChannel.FORM: Channel.WEB, FeedbackChannel.QR: Channel.QR,
    FeedbackChannel.EMAIL: Channel.EMAIL, FeedbackChannel.PAPER: Channel.PAPER,
    FeedbackChannel.TELEPHONE: Channel.PHONE, FeedbackChannel.COLLEAGUE: Channel.PERSON,
}  # fmt: skip


def as_complaint(item: FeedbackItem, *, names: bool) -> dict[str, Any]:
    """First values of the form of a complaint that is opened of feedback; ``names``: also who told it."""
    reach = item.teller_reach if names else ""
    name = say(item.teller.name) if item.teller is not None else item.teller_name
    return {
        "matter": Matter.COMPLAINT.value, "channel": _AS_COMPLAINT[FeedbackChannel(item.channel)].value,
        "received_at": item.received_at, "phenomenon": item.words, "customer_name": name if names else "",
        "telephone": "" if "@" in reach else reach, "email": reach if "@" in reach else "",
        "link": item.link.number if item.link is not None else "", "handoff": "", "customer": "",
        "supplier": item.party.public_id if item.party is not None and item.link is None else "",
    }  # fmt: skip


class OutcomeForm(RecordForm):
    """A few words: the answer, or why nothing is done."""

    words = feedback_words("")

    def __init__(self, *args: Any, label: Any, help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"words": ""}})
        self.fields["words"].label, self.fields["words"].help_text = label, help_text

    def given(self) -> dict[str, Any]:
        """What answer_feedback and leave_feedback of :mod:`baton.feedback.changes` take."""
        return {"words": self.cleaned_data["words"], "expected_seq": self.version}


class PassOnForm(RecordForm):
    """To which party, and what its head should know."""

    field_order = ("party", "words")

    party = forms.ChoiceField(
        label=pgettext_lazy("feedback", "To whom"), help_text=_("Whoever leads it owes the outcome from now on.")
    )
    words = feedback_words(pgettext_lazy("feedback", "What they should know"), _("If you like."), required=False)

    def __init__(self, *args: Any, parties: Sequence[Offered], **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"words": "", "party": ""}})
        offer(self, "party", parties)


class ThankForm(RecordForm):
    """Who earned it, and what they are thanked for."""

    field_order = ("earner", "party", "words")

    earner = PersonField(
        label=pgettext_lazy("feedback", "Who earned it"), required=False,
        help_text=_("He reads what was told, without the name of who told it."),
    )  # fmt: skip
    party = forms.ChoiceField(
        label=pgettext_lazy("feedback", "Or the people of"),
        required=False,
        help_text=_("Whoever leads it passes it on."),
    )
    words = feedback_words(pgettext_lazy("feedback", "What they are thanked for"))

    def __init__(self, *args: Any, parties: Sequence[Offered], viewer: Actor, party: str, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"words": "", "party": party}})
        offer(self, "party", parties)
        among_colleagues(self, viewer, "earner")


class InboxFilterForm(forms.Form):
    """Which feedback the list shows; anything that makes no sense is left out."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    show = forms.ChoiceField(label=_("Show"), required=False, choices=SHOWS)
    category = forms.ChoiceField(
        label=pgettext_lazy("feedback", "Kind"), required=False, choices=[("", _("All")), *_CATEGORIES]
    )
    channel = forms.ChoiceField(
        label=pgettext_lazy("feedback", "Way"), required=False, choices=[("", _("All")), *_CHANNELS]
    )


def asked_feedback(asked: Mapping[str, str]) -> InboxFilters:
    """The filters of an address."""
    show, category, channel = (asked.get(name, "") for name in ("show", "category", "channel"))
    return InboxFilters(
        search=asked.get("q", ""), show=show if show in dict(SHOWS) else "open",
        category=category if category in dict(_CATEGORIES) else "",
        channel=channel if channel in dict(_CHANNELS) else "", party=asked.get("party", ""),
        link=asked.get("link", ""), order=asked.get("order", "received"),
    )  # fmt: skip
