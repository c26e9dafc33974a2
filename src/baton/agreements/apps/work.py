"""Where people find agreements, what is done by itself, what they are told, and what goes out in tables."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.agreements import panels, tasks
from baton.agreements.changes import telling
from baton.agreements.changes.terms import KEEP_TERMS_JOB
from baton.agreements.forms.filters import AgreementFilterForm
from baton.agreements.pages import exports as tables
from baton.agreements.queries.dates import dates_of_agreements
from baton.core.lists.registry import FilteredList, lists
from baton.core.policy import may_use
from baton.core.registries import (
    Export,
    Job,
    NavigationEntry,
    Section,
    Topic,
    dated_events,
    exports,
    jobs,
    navigation,
    topics,
)
from baton.core.registries import panels as registered_panels
from baton.core.rules import MailRhythm
from baton_analysis.errors import gettext_noop

_ORDERS = frozenset({"number", "supplier", "customer", "output", "state", "ends_on"})


def register() -> None:
    """Enter what people are led to, told of and take away."""
    entry = NavigationEntry(
        _("Agreements"), "handshake", "agreements:agreements", may_use, 32, section=Section.AGREEMENTS
    )
    navigation.add("agreements", entry)
    registered_panels.add("agreements.of_link", panels.OF_LINK)
    jobs.add(
        KEEP_TERMS_JOB,
        Job(_("Bring agreements into force and end them"), tasks.keep_terms, "FREQ=HOURLY;BYMINUTE=10;BYSECOND=0"),
    )
    lists.add(
        "agreements.agreements",
        FilteredList(
            _("Agreements"), "agreements:agreements", AgreementFilterForm, may_use, _ORDERS, {"order": "number"}
        ),
    )
    text = _("What both sides of each link owe each other, a row a clause: measure, target, source, how far it counts.")
    exports.add("agreements.agreements", Export(_("Agreements"), tables.header, tables.all_agreements, text, may_use))
    dated_events.add("agreements", dates_of_agreements)
    _topics()


def _topics() -> None:
    title, nameless = _("Agreements of my parties"), gettext_noop("Something happened to an agreement of yours.")
    for topic, message in {
        telling.PROPOSED_TOPIC: gettext_noop("{number}, version {version}, is there to be signed: {link}."),
        telling.CONSULTATION_TOPIC: gettext_noop("{number}, version {version}, is in consultation: {link}."),
        telling.ACCEPTED_TOPIC: gettext_noop("Both sides have signed {number}, version {version}: {link}."),
        telling.DECLINED_TOPIC: gettext_noop("{number}, version {version}, was declined: {link}."),
        telling.ENDED_TOPIC: gettext_noop("{number}, version {version}, was ended: {link}."),
        telling.EXPIRED_TOPIC: gettext_noop("{number}, version {version}, has expired: {link}."),
        telling.RENEWAL_TOPIC: gettext_noop("{number}, version {version}, runs out on {ends_on}: {link}."),
        telling.REVIEW_TOPIC: gettext_noop("{number}, version {version}, is to be reviewed since {review_on}: {link}."),
    }.items():
        topics.add(topic, Topic(message, title, MailRhythm.AT_ONCE, nameless=nameless))
