"""Where people find surveys, and what they are told of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.core.policy import may_use
from baton.core.registries import (
    NavigationEntry,
    Searchable,
    Section,
    Topic,
    api_routers,
    navigation,
    search_sights,
    searchables,
    topics,
)
from baton.core.rules import MailRhythm
from baton.feedback import policy, queries
from baton.feedback.changes import CLOSED_TOPIC, LOST_TOPIC, REMINDED_TOPIC
from baton.feedback.models import Wave
from baton.feedback.queries.asking import ASKED_TOPIC
from baton.feedback.queries.choosing import wave_ids, waves_read
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
    led = _("Surveys that I lead")
    topics.add(CLOSED_TOPIC, Topic(gettext_noop("{number} ({title}) is closed."), led, MailRhythm.AT_ONCE))
    topics.add(
        LOST_TOPIC,
        Topic(gettext_noop("The answers of {number} ({title}) are lost with their key."), led, MailRhythm.AT_ONCE),
    )  # fmt: skip
    api_routers.add("surveys", "baton.feedback.api.waves.router")
    searchables.add(
        Wave.kind,
        Searchable(
            _("Surveys"), "message-square", waves_read, wave_ids, lambda found: f"/surveys/{found.public_id}/", order=60
        ),
    )  # fmt: skip
    search_sights.add("feedback", lambda viewer, _at: {Wave.kind: queries.waves_in_sight(viewer=viewer)})
