"""Coverage of standards, what is promised to whom, leaders' promises, training: where people find them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.agreements import panels
from baton.agreements.forms.coverage import CoverageFilterForm
from baton.agreements.forms.owed import OwedFilterForm
from baton.agreements.models import Fulfilment, LeaderPromise, PromiseSeen, Training
from baton.agreements.pages import coverage, leaders, owed
from baton.agreements.queries import leaders as found_leaders
from baton.agreements.queries import training as found_training
from baton.agreements.queries.coverage import ORDERS
from baton.agreements.queries.owed import View
from baton.core.actors import Actor
from baton.core.lists.registry import FilteredList, lists
from baton.core.policy import may_use
from baton.core.present import now, today
from baton.core.registries import (
    Discussion,
    Export,
    NavigationEntry,
    Policy,
    Section,
    api_routers,
    exports,
    navigation,
    policies,
    who_reads,
)
from baton.core.registries import panels as registered_panels


def register() -> None:
    """Enter lists, navigation, exports and calls."""
    _coverage()
    _owed()
    _leaders()
    _training()


def _coverage() -> None:
    entry = NavigationEntry(
        _("Coverage of standards"), "layout-grid", "agreements:coverage", may_use, order=35,
        section=Section.AGREEMENTS, under="agreements.owed",
    )  # fmt: skip
    navigation.add("agreements.coverage", entry)
    lists.add(
        "agreements.coverage",
        FilteredList(
            _("Coverage of standards"), "agreements:coverage", CoverageFilterForm, may_use, ORDERS, {"order": "name"}
        ),
    )
    text = _("How many links of each department have an agreement in force, and how their clauses stand.")
    exports.add(
        "agreements.coverage", Export(_("Coverage of standards"), coverage.header, coverage.all_rows, text, may_use)
    )
    api_routers.add("coverage", "baton.agreements.api.coverage.router")


def _owed() -> None:
    entry = NavigationEntry(
        _("Promises"), "scale", "agreements:owed", may_use, order=33, section=Section.AGREEMENTS,
        tab=_("What we promise"),
    )  # fmt: skip
    navigation.add("agreements.owed", entry)
    lists.add(
        "agreements.owed",
        FilteredList(
            _("What we promise and are promised"), "agreements:owed", OwedFilterForm, may_use, frozenset(),
            {"view": View.OWES},
        ),
    )  # fmt: skip
    text = _("Every clause in force of my own parties, a row each: to whom, target, standing, until when.")
    exports.add(
        "agreements.owed", Export(_("What we promise and are promised"), owed.header, owed.all_rows, text, may_use)
    )
    api_routers.add("owed", "baton.agreements.api.owed.router")
    for name, panel in panels.OF_OWED.items():
        registered_panels.add(name, panel)


def _leaders() -> None:
    def promise(*, viewer: Actor, public_id: str) -> LeaderPromise:
        return found_leaders.leader_promise(viewer=viewer, at=now(), public_id=public_id)

    def fulfilment(*, viewer: Actor, public_id: str) -> Fulfilment:
        return found_leaders.fulfilment(viewer=viewer, at=now(), public_id=public_id)

    said = Discussion(found_leaders.name_of_promise, lambda one: found_leaders.heads_of_promise(one, today()))
    policies.add(
        LeaderPromise.kind,
        Policy(who_reads(promise), lambda one: f"/agreements/leader-promises/{one}/", discussion=said),
    )  # fmt: skip
    policies.add(Fulfilment.kind, Policy(who_reads(fulfilment), found_leaders.address_of_fulfilment))
    policies.add(PromiseSeen.kind, Policy(_sees_own, found_leaders.address_of_seen))
    entry = NavigationEntry(
        _("Promises of leaders"), "handshake", "agreements:leader_promises", may_use, order=34,
        section=Section.AGREEMENTS, under="agreements.owed",
    )  # fmt: skip
    navigation.add("agreements.leaders", entry)
    text = _("What leaders promise their staff: by when, kept or late, how often in time, seen by how many.")
    exports.add(
        "agreements.leaders", Export(_("Promises of leaders"), leaders.header, leaders.all_promises, text, may_use)
    )
    for prefix, router in (("leader-promises", "router"), ("fulfilments", "fulfilments_router")):
        api_routers.add(prefix, f"baton.agreements.api.leaders.{router}")
    for name, panel in panels.OF_LEADERS.items():
        registered_panels.add(name, panel)


def _sees_own(actor: Actor, public_id: str) -> bool:
    """Whether it is the actor himself who said that he has seen something: nobody else is told who did."""
    return found_leaders.said_it_himself(viewer=actor, public_id=public_id)


def _training() -> None:
    def training(*, viewer: Actor, public_id: str) -> Training:
        return found_training.training(viewer=viewer, at=now(), public_id=public_id)

    policies.add(Training.kind, Policy(who_reads(training), found_training.address_of_training))
    api_routers.add("training", "baton.agreements.api.training.router")
    for name, panel in panels.OF_TRAINING.items():
        registered_panels.add(name, panel)
