"""Where people find surveys, and what they are told of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.core.policy import may_use
from baton.core.registries import NavigationEntry, Section, Topic, navigation, topics
from baton.core.rules import MailRhythm
from baton.feedback import policy
from baton.feedback.changes import REMINDED_TOPIC
from baton.feedback.queries.asking import ASKED_TOPIC
from baton_analysis.errors import gettext_noop


def register() -> None:
    """Enter what people are led to and told of."""
    navigation.add(
        "feedback.waves",
        NavigationEntry(
            _("Surveys"), "message-square", "surveys:waves", policy.may_see_waves, 10, section=Section.LISTENING
        ),
    )  # fmt: skip
    navigation.add(
        "feedback.mine",
        NavigationEntry(_("My surveys"), "inbox", "surveys:mine", may_use, 11, section=Section.LISTENING),
    )
    title = _("Surveys that ask me")
    topics.add(
        ASKED_TOPIC,
        Topic(gettext_noop("You are asked: {title}. Open “My surveys”."), title, MailRhythm.AT_ONCE),
    )
    topics.add(
        REMINDED_TOPIC,
        Topic(
            gettext_noop("Everybody who is asked is reminded: {title} is open until {day}."), title, MailRhythm.AT_ONCE
        ),
    )  # fmt: skip
