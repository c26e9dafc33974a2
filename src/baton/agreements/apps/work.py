"""Where people find agreements, what is done by itself, what they are told, and what goes out in tables."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.agreements import panels, tasks
from baton.agreements.changes import telling
from baton.agreements.changes.certificates import RUNS_OUT_TOPIC, TELL_JOB
from baton.agreements.changes.guarantees import CALLED_TOPIC
from baton.agreements.changes.terms import KEEP_TERMS_JOB
from baton.agreements.forms.filters import AgreementFilterForm
from baton.agreements.pages import certificates as held
from baton.agreements.pages import exports as tables
from baton.agreements.queries.certificates import dates_of_certificates
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
    registered_panels.add("agreements.waiting", panels.WAITING)
    registered_panels.add("agreements.signing", panels.SIGNING)
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
    dated_events.add("agreements.certificates", dates_of_certificates)
    _certificates()
    _topics()


def _certificates() -> None:
    registered_panels.add("agreements.certificates", panels.CERTIFICATES)
    for name, panel in panels.OF_GUARANTEES.items():
        registered_panels.add(name, panel)
    called = gettext_noop("“{promise}” was called: {link}.")
    somewhere = gettext_noop("A guarantee of one of your parties was called.")
    topics.add(CALLED_TOPIC, Topic(called, _("Guarantees of my parties"), MailRhythm.AT_ONCE, nameless=somewhere))
    navigation.add(
        "agreements.certificates",
        NavigationEntry(
            _("Certificates"),
            "clipboard-check",
            "agreements:certificates",
            may_use,
            36,
            section=Section.AGREEMENTS,
            under="agreements",
        ),
    )
    jobs.add(
        TELL_JOB,
        Job(
            _("Tell of certificates that run out"),
            tasks.tell_of_certificates,
            "FREQ=DAILY;BYHOUR=4;BYMINUTE=5;BYSECOND=0",
        ),
    )
    message = gettext_noop("“{name}” of {party} is valid until {ends_on}. Renew it, or end it.")
    nameless = gettext_noop("A certificate of one of your parties runs out.")
    topics.add(RUNS_OUT_TOPIC, Topic(message, _("Certificates of my parties"), nameless=nameless))
    text = _("Who has which certificate, from whom, and until when.")
    exports.add("agreements.certificates", Export(_("Certificates"), held.header, held.all_certificates, text, may_use))


def _topics() -> None:
    title, nameless = _("Agreements of my parties"), gettext_noop("Something happened to an agreement of yours.")
    for topic, message in {
        telling.PROPOSED_TOPIC: gettext_noop("{number}, version {version}, is there to be signed: {link}."),
        telling.CONSULTATION_TOPIC: gettext_noop("{number}, version {version}, is in consultation: {link}."),
        telling.ACCEPTED_TOPIC: gettext_noop("Both sides have signed {number}, version {version}: {link}."),
        telling.OFFERS_ACCEPTED_TOPIC: gettext_noop("Customers who accepted service offers: {count} ({offers})."),
        telling.DECLINED_TOPIC: gettext_noop("{number}, version {version}, was declined: {link}."),
        telling.ENDED_TOPIC: gettext_noop("{number}, version {version}, was ended: {link}."),
        telling.EXPIRED_TOPIC: gettext_noop("{number}, version {version}, has expired: {link}."),
        telling.SIGNED_TOPIC: gettext_noop("The other side has signed {number}, version {version}: {link}."),
        telling.OBJECTED_TOPIC: gettext_noop("Somebody outside objects to {number}, version {version}: {link}."),
        telling.RENEWAL_TOPIC: gettext_noop("{number}, version {version}, runs out on {ends_on}: {link}."),
        telling.REVIEW_TOPIC: gettext_noop("{number}, version {version}, is to be reviewed since {review_on}: {link}."),
    }.items():
        topics.add(topic, Topic(message, title, MailRhythm.AT_ONCE, nameless=nameless))
