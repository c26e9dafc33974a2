"""What rooms show: lines of the navigation, panels on each other’s pages, the first page of an empty installation."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from baton.core.actors import Actor
from baton.core.registries.registry import Registry


@dataclass(frozen=True, slots=True)
class Subject:
    """What a page is about, as panels of other rooms need to know it.

    ``kind`` and ``public_id`` name the record and its policy; ``measured_as`` is the key under which monitoring keeps
    its measures (for a link the pair ``<supplier public id>><customer public id>``), ``unit`` the unit of values that
    are measured of it; empty for none.
    """

    kind: str
    public_id: str
    measured_as: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A fragment that one room offers to another room's page.

    ``slot`` names the place (``link``, ``party``, ``home``); ``title`` heads the card; ``context(request, subject)``
    returns the template's values, or None where the panel has nothing to say to this viewer. ``order`` sorts panels.

    ``reads``: rooms (``agreements``) and models (``core.Person``) of whose records alone, beside the viewer, his
    language and the time to the minute, it depends what the panel shows: it is drawn anew only when one of these was
    changed. Empty: it is drawn each time. Of tables whose rows carry no ``changed_seq``, such as computed results,
    ``state(request, subject)`` says in which state they are.

    ``by_day``: it depends on the day in the organisation's time zone, not on the time of day. ``alike``: it shows the
    same to all who hold the same roles and memberships, and nothing of the one among them who reads.
    """

    slot: str
    title: Any
    template: str
    context: Callable[[HttpRequest, Subject], dict[str, Any] | None]
    order: int = 100
    reads: tuple[str, ...] = ()
    by_day: bool = False
    alike: bool = False
    state: Callable[[HttpRequest, Subject], Hashable] = lambda _request, _subject: None


class Section(Enum):
    """A part of the side navigation, in this order; its value is the heading, which the first part does without."""

    OWN = ""
    CHAIN = _("Who serves whom")
    AGREEMENTS = _("What is agreed")
    HANDOFFS = _("What is handed over")
    LISTENING = _("What is said")
    ORGANISATION = _("Organisation")


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """A line of the side navigation, shown when ``shown(actor)``; ``count(actor)`` is how much waits there for him,
    and must be cheap: it is asked on every page. ``order`` sorts the lines of a section.

    ``reads``: rooms and models of whose records alone, beside the reader and the day, the count depends: it is asked
    anew only when one of these was changed. Empty: it is asked each time.

    ``handy(actor)``: whether it is his daily work, and stands in the bar at the foot of a phone, whatever its section.

    ``under`` is the registered name of the line behind which it stands as a tab; empty: it is a line itself. ``tab`` is
    what a line with others behind it calls its own page there; empty: as itself.
    """

    label: Any
    icon: str
    url_name: str
    shown: Callable[[Actor], bool]
    order: int = 100
    count: Callable[[Actor], int] | None = None
    section: Section = Section.OWN
    under: str = ""
    tab: Any = ""
    handy: Callable[[Actor], bool] | None = None
    reads: tuple[str, ...] = ()


panels: Registry[Panel] = Registry("panel")
navigation: Registry[NavigationEntry] = Registry("navigation entry")
# Where the first page sends somebody while nobody has entered anything, called as f(actor); empty: nowhere.
landings: Registry[Callable[[Actor], str]] = Registry("landing")


def panels_of(slot: str) -> list[tuple[str, Panel]]:
    """The panels of a slot in their order."""
    return sorted(((name, panel) for name, panel in panels if panel.slot == slot), key=lambda item: item[1].order)
