"""Forms of waves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.chain.forms.choosing import Offered, offer
from baton.chain.forms.parties import day_field
from baton.core.actors import Actor
from baton.core.choosing_people import PersonField
from baton.core.forms import RecordForm, text_field, text_label
from baton.feedback.changes.checks import INTRO_LENGTH
from baton.feedback.forms.half_widths import HalfWidthField
from baton.feedback.models import Questionnaire, Wave
from baton.feedback.models.questionnaires import REASON_LENGTH
from baton.feedback.queries.choosing import NUMBERS_LENGTH
from baton.feedback.rules import FEWEST, FEWEST_COMMENTS, Mode, Way
from baton.feedback.rules.asking import WINDOW_DAYS, LinkRule
from baton.handoffs.forms.fields import MomentField


class WaveForm(RecordForm):
    """What a wave asks, how, until when, and what protects who answers."""

    texts: ClassVar[Mapping[str, Any]] = {"title": _("Title"), "intro": _("What people read first")}
    optional_texts = frozenset({"intro"})
    field_order = ("title", "intro", "questionnaire", "mode", "closes_at", "least", "least_comments", "collector")

    questionnaire = forms.ChoiceField(label=_("Questionnaire"))
    mode = forms.ChoiceField(
        label=_("Anonymous or named"), widget=forms.RadioSelect, initial=Mode.ANONYMOUS,
        choices=[
            (Mode.ANONYMOUS.value, _("Anonymous: nobody, not even who runs the server, finds out who answered what")),
            (Mode.NAMED.value, _("Named: answers stand beside the name, and the page says so")),
        ],
        help_text=_("It stands still once the survey is open."),
    )  # fmt: skip
    closes_at = MomentField(
        label=_("Closes at"), required=True, help_text=_("From then on nobody answers. It may be moved later.")
    )
    least = forms.IntegerField(
        label=_("Fewest answers for a figure"), initial=FEWEST,
        help_text=_("A figure on which fewer rest is never shown. Once the survey is open it is only raised."),
    )  # fmt: skip
    least_comments = forms.IntegerField(
        label=_("Fewest sheets for comments"), initial=FEWEST_COMMENTS,
        help_text=_("Comments among fewer are never shown. Once the survey is open it is only raised."),
    )  # fmt: skip
    collector = PersonField(
        label=_("Outside collector"), required=False,
        help_text=_(
            "Whoever runs it from outside, such as an agency: reads sheets without names once it is published, and"
            " passes comments. The organisation sees figures only. Empty: nobody."
        ),
    )  # fmt: skip

    def __init__(
        self, *args: Any, viewer: Actor, questionnaires: Sequence[Questionnaire], record: Wave | None = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, record=record, **kwargs)
        self._questionnaires = {one.public_id: one for one in questionnaires}
        offer(self, "questionnaire", questionnaires)
        collector = self.fields["collector"]
        assert isinstance(collector, PersonField)
        collector.viewer = viewer
        if record is not None and record.collector is not None:
            self.initial["collector"] = record.collector
        for code, language in settings.LANGUAGES:
            self.fields[text_field("intro", code)] = forms.CharField(
                label=text_label(self.texts["intro"], language), required=False, max_length=INTRO_LENGTH,
                widget=forms.Textarea(attrs={"rows": 3, "lang": code}),
            )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """What :func:`baton.feedback.changes.prepare_wave` and ``change_wave`` take."""
        data = self.cleaned_data
        return {
            "title": data["title"], "intro": data["intro"], "mode": Mode(data["mode"]),
            "questionnaire": self._questionnaires[data["questionnaire"]], "closes_at": data["closes_at"],
            "least": data["least"], "least_comments": data["least_comments"], "collector": data["collector"],
        }  # fmt: skip


class OpenWaveForm(RecordForm):
    """What may still be changed of an open wave: only upward, only later or earlier."""

    field_order = ("closes_at", "least", "least_comments")

    closes_at = MomentField(label=_("Closes at"), required=True)
    least = forms.IntegerField(label=_("Fewest answers for a figure"), help_text=_("It can only be raised."))
    least_comments = forms.IntegerField(label=_("Fewest sheets for comments"), help_text=_("It can only be raised."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.feedback.changes.change_wave` takes."""
        return {name: self.cleaned_data[name] for name in self.field_order}


class LinksForm(RecordForm):
    """About which links a wave asks."""

    field_order = ("rule", "party", "numbers", "instead")

    rule = forms.ChoiceField(
        label=_("Which links"), widget=forms.RadioSelect, initial=LinkRule.SUPPLIER,
        choices=[
            (LinkRule.ALL.value, _("All links that are in force")),
            (LinkRule.SUPPLIER.value, _("What a department hands over")),
            (LinkRule.CUSTOMER.value, _("What a department gets")),
            (LinkRule.WITHIN.value, _("What goes from one to another inside a part of the organisation")),
            (LinkRule.ONE.value, _("Links by their numbers")),
        ],
    )  # fmt: skip
    party = forms.ChoiceField(
        label=_("Department or part"), required=False, help_text=_("All that stands in it is meant, too.")
    )
    numbers = forms.CharField(
        label=_("Numbers of links"), required=False, max_length=NUMBERS_LENGTH,
        help_text=_("Only for links by their numbers: L-2026-0001, L-2026-0002"),
    )  # fmt: skip
    instead = forms.BooleanField(
        label=_("In place of those chosen before"), required=False,
        help_text=_("Otherwise they are added. Whoever was chosen to be asked is chosen anew in both cases."),
    )  # fmt: skip

    def __init__(self, *args: Any, parties: Sequence[Offered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "party", parties)

    def clean(self) -> dict[str, Any]:
        """Each rule with what it needs."""
        data = super().clean()
        if "rule" in data and LinkRule(data["rule"]).is_of_party and not data.get("party"):
            self.add_error("party", _("A department was expected for this choice. None was chosen. Choose one."))
        return data


class PeopleForm(RecordForm):
    """Whom a wave asks."""

    field_order = ("window_days", "half_width")

    window_days = forms.IntegerField(
        label=_("Days looked back"), initial=WINDOW_DAYS,
        help_text=_(
            "Where handoffs are recorded, a link is asked about only if something went over it in so many days; who"
            " took it or sent it back comes first."
        ),
    )  # fmt: skip
    half_width = HalfWidthField(
        label=_("Half-width of the interval, in points of the scale"),
        help_text=_(
            "Empty: everybody is asked who may be. Otherwise so many, by chance, that the mean of each link is known to"
            " within so much (95 %): 0.5 asks far fewer than 0.2."
        ),
    )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """What :func:`baton.feedback.changes.choose_people` takes."""
        return {"window_days": self.cleaned_data["window_days"], "half_width": self.cleaned_data["half_width"]}


class WayForm(RecordForm):
    """How those who are chosen get to their sheets."""

    way = forms.ChoiceField(
        label=_("How it reaches people"), widget=forms.RadioSelect,
        choices=[
            (Way.MAIL.value, _("By e-mail, where people have a mailbox and want it; the others in Baton")),
            (Way.APP.value, _("In Baton for everybody: each fetches his code under “My surveys”")),
        ],
    )  # fmt: skip

    def _shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {}


class ReasonForm(RecordForm):
    """Why something is done to a wave."""

    reason = forms.CharField(label=_("Reason"), max_length=REASON_LENGTH, help_text=_("Stands in the history."))


class ConfirmForm(RecordForm):
    """That somebody has read what cannot be changed any more."""

    confirmed = forms.BooleanField(label=_("I have read what stands still from now on"))


class CardsForm(forms.Form):
    """How many cards are printed, and how."""

    count = forms.IntegerField(label=_("How many cards"), initial=12)
    pdf = forms.BooleanField(label=_("As PDF"), required=False)


class QuietForm(RecordForm):
    """Until when somebody does not want to be asked."""

    until = day_field(_("Do not ask me before"), _("Empty: I may be asked."))
