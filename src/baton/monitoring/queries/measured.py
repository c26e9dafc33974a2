"""What is measured, in the words of the rooms whose things it is; asked by the keys of measures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Substr

from baton.core import registries
from baton.core.actors import Actor
from baton.core.formats import remarks_in
from baton.core.ids import LENGTH as ID_LENGTH
from baton.core.policy import demand
from baton.core.registries import Measured
from baton.core.texts import Texts, say
from baton.monitoring import policy
from baton.monitoring.models import StoredMeasure
from baton.monitoring.rules import KEPT_CLAUSES, measures_of


def in_sight(*, viewer: Actor, at: datetime, search: str = "") -> Q:
    """Rows with a ``subject`` that the viewer sees, or of these those in whose names the words of ``search`` stand."""
    seen = Q(pk__in=())
    for _room, asked in registries.measurables:
        keys = asked.sight(viewer, at, search)
        if keys is None:
            return Q()
        seen |= Q(subject__in=keys)
    return seen


def named(*, viewer: Actor, at: datetime, keys: Iterable[str]) -> dict[str, Measured]:
    """What these keys stand for, as far as the viewer sees it."""
    found: dict[str, Measured] = {}
    wanted = set(keys)
    for _room, asked in registries.measurables if wanted else ():
        found |= asked.named(viewer, at, wanted)
    return found


def in_words(*, viewer: Actor, at: datetime, keys: Sequence[str], more: bool) -> Texts:
    """What these keys stand for, one after another, by language, for a message: without names of persons. ``more``
    than these are meant: an ellipsis."""
    known = named(viewer=viewer, at=at, keys=keys)
    names = [known[key].lasting_name for key in keys if key in known]
    rest = ["…"] if more else []
    return {
        code: remarks_in(code, [*(say(name, code) for name in names), *rest]) for code, _label in settings.LANGUAGES
    }


def answerable(*, viewer: Actor, at: datetime, keys: Iterable[str]) -> set[str]:
    """Those of the keys about whose signals the viewer decides because of what he is to the things measured."""
    found: set[str] = set()
    wanted: Collection[str] = set(keys)
    for _room, asked in registries.measurables if wanted else ():
        found |= asked.answerable(viewer, at, wanted)
    return found


def clauses_of_links(*, viewer: Actor, links: Collection[str] | QuerySet[Any, Any]) -> QuerySet[StoredMeasure, str]:
    """Keys of the clauses that are measured on these links (public ids, few or a query), as a query."""
    demand(policy.may_see_health(viewer))
    rows = StoredMeasure.objects.filter(name__in=measures_of(KEPT_CLAUSES))
    owned = rows.annotate(link=Substr("subject", 1, ID_LENGTH)).filter(link__in=links)
    return owned.order_by().values_list("subject", flat=True).distinct()
