"""The form with which people choose how soon, and at which hours, they are told by e-mail."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.forms import RecordForm
from baton.core.mail.queries import choosable
from baton.core.models import MailChoices
from baton.core.rules import MailRhythm

RHYTHMS = [
    (MailRhythm.AT_ONCE.value, _("At once")),
    (MailRhythm.DAILY.value, _("Once a day")),
    (MailRhythm.NEVER.value, _("Not by e-mail")),
]
HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]
_TOPIC = "topic_"


class MailChoicesForm(RecordForm):
    """Hours, and one choice for each kind of message."""

    hours: ClassVar[tuple[str, ...]] = ("daily_at", "quiet_from", "quiet_until")

    daily_at = forms.TypedChoiceField(
        label=_("Daily e-mail at"), coerce=int, choices=HOURS,
        help_text=_("Everything that is told once a day comes in this one."),
    )  # fmt: skip
    quiet_from = forms.TypedChoiceField(
        label=_("Quiet from"), coerce=int, choices=HOURS,
        help_text=_("What is told at once waits until the quiet hours are over."),
    )  # fmt: skip
    quiet_until = forms.TypedChoiceField(
        label=pgettext_lazy("hour", "Quiet until"),
        coerce=int,
        choices=HOURS,
        help_text=_("The same hour twice: no quiet hours."),
    )

    def __init__(self, *args: Any, record: MailChoices, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        self.fields["version"].required = False  # nothing is stored until somebody chooses
        self._topics = {_TOPIC + one.topics[0]: one for one in choosable(record)}
        for name, one in self._topics.items():
            self.fields[name] = forms.ChoiceField(label=one.title, choices=RHYTHMS, initial=one.rhythm.value)

    def topics(self) -> list[forms.BoundField]:
        """The choices for the kinds of messages."""
        return [self[name] for name in self._topics]

    def times(self) -> list[forms.BoundField]:
        """The hours."""
        return [self[name] for name in self.hours]

    def given(self) -> dict[str, Any]:
        """What :func:`baton.core.changes.choose_mail` takes."""
        data = self.cleaned_data
        rhythms = {topic: data[name] for name, one in self._topics.items() for topic in one.topics}
        return {"rhythms": rhythms, "expected_seq": self.version} | {name: data[name] for name in self.hours}
