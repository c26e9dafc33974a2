"""Coverage of standards, what is promised to whom, leaders' promises, training: where people find them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.agreements import panels
from baton.agreements.forms.coverage import CoverageFilterForm
from baton.agreements.forms.owed import OwedFilterForm
from baton.agreements.pages import coverage, owed
from baton.agreements.queries.coverage import ORDERS
from baton.agreements.queries.owed import View
from baton.core.lists.registry import FilteredList, lists
from baton.core.policy import may_use
from baton.core.registries import Export, NavigationEntry, Section, api_routers, exports, navigation
from baton.core.registries import panels as registered_panels


def register() -> None:
    """Enter lists, navigation, exports and calls."""
    _coverage()
    _owed()


def _coverage() -> None:
    entry = NavigationEntry(
        _("Coverage of standards"), "layout-grid", "agreements:coverage", may_use, order=33,
        section=Section.AGREEMENTS,
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
        _("What we promise"), "scale", "agreements:owed", may_use, order=33, section=Section.AGREEMENTS
    )
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
