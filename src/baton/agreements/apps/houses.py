"""Houses of quality, and promises along the chain: who may see them, where they stand, how they are found."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from baton.agreements import panels
from baton.agreements.forms.houses import HouseFilterForm
from baton.agreements.pages.houses import ACTIONS
from baton.agreements.queries import finding_houses as finding
from baton.agreements.queries import houses as queries
from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.lists.registry import FilteredList, lists
from baton.core.policy import may_use
from baton.core.present import now
from baton.core.registries import (
    NavigationEntry,
    Policy,
    Searchable,
    Section,
    api_routers,
    navigation,
    policies,
    search_sights,
    searchables,
)
from baton.core.registries import panels as registered_panels


def register() -> None:
    """Enter policies, navigation, panels, search and words."""
    _policies()
    navigation.add(
        "agreements.houses",
        NavigationEntry(
            _("Houses of quality"),
            "layout-dashboard",
            "agreements:houses",
            may_use,
            order=34,
            section=Section.AGREEMENTS,
            under="agreements.workshops",
        ),
    )
    navigation.add(
        "agreements.promises",
        NavigationEntry(
            _("Promises along the chain"),
            "route",
            "agreements:promises",
            may_use,
            order=36,
            section=Section.AGREEMENTS,
            under="agreements.owed",
        ),
    )
    for name, panel in panels.OF_HOUSES.items():
        registered_panels.add(name, panel)
    orders = frozenset({"number", "name", "link"})
    lists.add(
        "agreements.houses",
        FilteredList(
            _("Houses of quality"), "agreements:houses", HouseFilterForm, may_use, orders, {"order": "number"}
        ),
    )
    searchables.add(
        "house",
        Searchable(
            _("Houses of quality"), "house", finding.houses_read, finding.house_ids,
            lambda found: f"/agreements/houses/{found.public_id}/", order=27,
            follows={"house_need": finding.houses_of_needs, "house_characteristic": finding.houses_of_characteristics},
        ),
    )  # fmt: skip
    search_sights.add("agreements.houses", finding.search_sight)
    for prefix, name in (
        ("houses", "houses.router"),
        ("house-characteristics", "houses.characteristics_router"),
        ("house-needs", "house_others.router"),
        ("promises", "promises.router"),
    ):
        api_routers.add(prefix, f"baton.agreements.api.{name}")
    words.declare({code: label for code, (label, _icon) in ACTIONS.items()})


def _policies() -> None:
    def sees_house(actor: Actor, public_id: str) -> bool:
        return queries.sees_house(viewer=actor, at=now(), public_id=public_id)

    policies.add("house", Policy(sees_house, lambda public_id: f"/agreements/houses/{public_id}/"))
    for kind in finding.PARTS:
        policies.add(kind, Policy(partial(_sees_part, kind), partial(finding.address_of_house_part, kind)))


def _sees_part(kind: str, actor: Actor, public_id: str) -> bool:
    return finding.sees_house_part(viewer=actor, at=now(), kind=kind, public_id=public_id)
