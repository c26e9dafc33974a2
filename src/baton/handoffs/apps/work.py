"""Where people find handoffs, and what goes out in tables."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.lists.registry import FilteredList, lists
from baton.core.policy import may_use
from baton.core.present import now
from baton.core.registries import (
    Export,
    Job,
    Lookup,
    NavigationEntry,
    Section,
    Topic,
    exports,
    jobs,
    lookups,
    navigation,
    topics,
)
from baton.core.registries import panels as registered_panels
from baton.core.rules import MailRhythm
from baton.handoffs import changes, panels, tasks
from baton.handoffs.forms.comparing import ComparisonForm
from baton.handoffs.forms.departments import PartyFilterForm
from baton.handoffs.forms.filters import HandoffFilterForm
from baton.handoffs.pages import exports as tables
from baton.handoffs.queries.searching import handoffs_found
from baton.handoffs.queries.today import works_daily
from baton.handoffs.rules.comparing import Compared
from baton_analysis.errors import gettext_noop

_ORDERS = frozenset({"number", "occurred_at", "due_at"})


def _departments() -> None:
    """Kept promises of a department and its board."""
    navigation.add(
        "handoffs.department",
        NavigationEntry(
            _("Kept promises"), "scale", "handoffs:department", may_use, 31, section=Section.HANDOFFS
        ),
    )  # fmt: skip
    navigation.add(
        "handoffs.board",
        NavigationEntry(
            _("Board"), "layout-dashboard", "handoffs:board", may_use, 32, section=Section.HANDOFFS,
            under="handoffs.handoffs",
        ),
    )  # fmt: skip
    lists.add(
        "handoffs.department",
        FilteredList(_("Kept promises"), "handoffs:department", PartyFilterForm, may_use, frozenset()),
    )
    registered_panels.add("handoffs.of_party", panels.OF_PARTY)
    navigation.add(
        "handoffs.comparison",
        NavigationEntry(
            _("Links compared"), "chart-spline", "handoffs:comparison", may_use, 33, section=Section.HANDOFFS,
            under="handoffs.department",
        ),
    )  # fmt: skip
    lists.add(
        "handoffs.comparison",
        FilteredList(
            _("Links compared"), "handoffs:comparison", ComparisonForm, may_use, frozenset(),
            {"by": Compared.ON_TIME},
        ),
    )  # fmt: skip


def register() -> None:
    """Enter what people are led to and take away."""
    navigation.add(
        "handoffs.today", NavigationEntry(
            _("Today"), "sun", "handoffs:today", may_use, 29, section=Section.HANDOFFS,
            handy=lambda actor: works_daily(viewer=actor, at=now()),
        ),
    )  # fmt: skip
    navigation.add(
        "handoffs.handoffs",
        NavigationEntry(_("Handoffs"), "package", "handoffs:handoffs", may_use, 30, section=Section.HANDOFFS),
    )
    navigation.add(
        "handoffs.codes",
        NavigationEntry(_("Defect codes"), "tag", "handoffs:codes", may_use, 38, section=Section.HANDOFFS),
    )
    lists.add(
        "handoffs.handoffs",
        FilteredList(
            _("Handoffs"), "handoffs:handoffs", HandoffFilterForm, may_use, _ORDERS, {"order": "-number"}
        ),
    )  # fmt: skip
    _departments()
    navigation.add(
        "handoffs.paths",
        NavigationEntry(
            _("Paths"), "route", "handoffs:paths", may_use, 34, section=Section.HANDOFFS, under="handoffs.department"
        ),
    )  # fmt: skip
    registered_panels.add("handoffs.of_link", panels.OF_LINK)
    registered_panels.add("handoffs.at_home", panels.AT_HOME)
    navigation.add(
        "handoffs.orders",
        NavigationEntry(_("Standing orders"), "calendar", "handoffs:orders", may_use, 34, section=Section.HANDOFFS),
    )
    _calls()
    _messages()
    lookups.add(
        "handoff",
        Lookup(
            _("Handoffs"), "package",
            lambda viewer, at, text, limit: handoffs_found(viewer=viewer, at=at, text=text, limit=limit),
            lambda found: f"/handoffs/{found.public_id}/", order=22,
        ),
    )  # fmt: skip
    jobs.add(
        changes.EXPECT_JOB,
        Job(_("Expect what standing orders make due"), tasks.expect_by_orders, "FREQ=HOURLY;BYMINUTE=25;BYSECOND=0"),
    )
    told, nameless = gettext_noop("Standing order “{name}” of {link}."), gettext_noop("A standing order was changed.")
    topics.add(changes.ORDER_TOPIC, Topic(told, _("Standing orders of my parties"), nameless=nameless))
    jobs.add(
        changes.CONFIRM_JOB,
        Job(_("Wait no longer for deliveries nobody confirms"), tasks.confirm_by_silence,
            "FREQ=MINUTELY;INTERVAL=10;BYSECOND=20"),
    )  # fmt: skip
    text = _("Every handoff: on which link, under which reference, when it was asked for, due, delivered and accepted.")
    exports.add("handoffs.handoffs", Export(_("Handoffs"), tables.header, tables.all_handoffs, text, may_use))
    for part, said in (
        (tables.Part.LINES,
         _("What was handed over, how much of it was ordered, delivered, accepted and refused, and why.")),
        (tables.Part.VALUES, _("Each value beside the limits of the clause that was in force.")),
        (tables.Part.RETURNS, _("What came back or was missing, how it stands, and what it cost.")),
        (tables.Part.PHOTOS, _("Which photos show how it was: of which handoff or return, by whom and when.")),
    ):  # fmt: skip
        table = tables.PART_TABLES[part]
        exports.add(f"handoffs.{part.value}", Export(tables.PART_NAMES[part], table.header, table.rows, said, may_use))


def _calls() -> None:
    """The board of calls, and who is told of them."""
    navigation.add(
        "handoffs.calls",
        NavigationEntry(
            pgettext_lazy("by a button", "Calls"), "bell", "handoffs:calls", may_use, 31, section=Section.HANDOFFS,
            tab=_("Open calls"),
        ),
    )  # fmt: skip
    navigation.add(
        "handoffs.points",
        NavigationEntry(
            _("Call points"), "bell", "handoffs:points", may_use, 32, section=Section.HANDOFFS, under="handoffs.calls"
        ),
    )  # fmt: skip
    nameless = gettext_noop("Something happened to a call of your team.")
    for topic, message in {
        changes.CALLED_TOPIC: gettext_noop("{place} calls: {link}."),
        changes.FIXED_TOPIC: gettext_noop("{place} is said to be fixed. Confirm it: {link}."),
        changes.REOPENED_TOPIC: gettext_noop("{place} is not fixed: {link}."),
        changes.CANCELLED_TOPIC: gettext_noop("Nobody need come to {place}: {link}."),
    }.items():
        topics.add(topic, Topic(message, _("Calls of my teams"), MailRhythm.AT_ONCE, nameless=nameless))


def _messages() -> None:
    """What people are told of handoffs: each at once that calls for an answer, all that waits once a day."""
    nameless = gettext_noop("Something happened to a handoff of one of your parties.")
    for topic, message, title in (
        (changes.WARNED_TOPIC, gettext_noop("{number} will be late or short: {link}."), _("Early warnings")),
        (changes.RETURNED_TOPIC, gettext_noop("Of {number} something came back or is missing ({what}): {link}."),
         _("Returns")),
        (changes.CONTESTED_TOPIC, gettext_noop("{number} is contested: {link}."), _("Returns")),
        (changes.RETURN_DECIDED_TOPIC, gettext_noop("{number} is decided: {link}."), _("Returns")),
    ):  # fmt: skip
        topics.add(topic, Topic(message, title, MailRhythm.AT_ONCE, nameless=nameless))
    topics.add(changes.WAITING_TOPIC, Topic(gettext_noop("Handoffs: {what}"), _("Handoffs that wait")))
    jobs.add(
        changes.TELL_JOB,
        Job(_("Tell once a day which handoffs wait"), tasks.tell_what_waits, "FREQ=HOURLY;BYMINUTE=35;BYSECOND=0"),
    )
