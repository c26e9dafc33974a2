"""What monitoring asks about clauses that are held against handoffs; the key of one is ``<id of the link>/<line>``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings

from baton.agreements.queries import clauses_by_version
from baton.agreements.queries.in_force import versions_ever_in_force
from baton.agreements.rules import Measure
from baton.chain import queries as chain
from baton.chain.policy import sight_of
from baton.chain.queries.lists import found
from baton.chain.queries.measured import (
    answerable_pairs,
    pairs_in_force,
    pairs_named,
    responsible_for_pairs,
)
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.present import now
from baton.core.registries import Measured
from baton.core.texts import Texts, say
from baton.monitoring.queries.measured import clauses_of_links

if TYPE_CHECKING:
    from baton.agreements.models import Clause
    from baton.chain.models import Link
    from baton.core.models import Person

KIND = "kept_clause"
"""Kind of what is measured: a line of an agreement through all its versions, on its link."""

_SYSTEM = Actor.system("clauses measured")
_SEARCHED = ("search_text", "output__search_text", "supplier__search_text", "customer__search_text")


def key_of(public_id: str) -> str:
    """The key of the measures of ``<link>-<line>``."""
    return public_id.replace("-", "/", 1)


def id_of(key: str) -> str:
    """The public id of what has this key."""
    return key.replace("/", "-", 1)


def sees_clause(*, viewer: Actor, at: datetime, public_id: str) -> bool:
    """Whether the viewer sees the link on which a clause is measured."""
    return chain.sees_link(viewer=viewer, at=at, public_id=public_id.partition("-")[0])


def clauses_in_sight(*, viewer: Actor, at: datetime, search: str = "") -> Any:
    """Keys of what is measured on the links that the viewer sees, as a query; None without looking, because he sees
    every link."""
    if sight_of(viewer, day_of(at)).sees_all_links and not search:
        return None
    links = chain.links_in_sight(viewer=viewer, at=at).filter(found(search, *_SEARCHED)).order_by()
    return clauses_of_links(viewer=viewer, links=links.values("public_id"))


def clauses_named(*, viewer: Actor, at: datetime, keys: Collection[str]) -> dict[str, Measured]:
    """Those of the keys whose links the viewer sees, by what the newest version says."""
    ours = [key for key in keys if "/" in key]
    if not ours:
        return {}
    seen = _links(ours, chain.links_in_sight(viewer=viewer, at=at))
    pairs = pairs_named(viewer=viewer, at=at, keys={link.measured_as for link in seen.values()})
    clauses = _newest(list(seen.values()))
    named = {}
    for key in ours:
        link, line = seen.get(key.partition("/")[0]), key.partition("/")[2]
        clause = clauses.get((link.pk, line)) if link is not None else None
        if link is not None and clause is not None and link.measured_as in pairs:
            pair = pairs[link.measured_as]
            ended = link.ended_on is not None and link.ended_on <= day_of(at)
            name, lasting = (_joined(one, clause.characteristic) for one in (pair.name, pair.lasting_name))
            named[key] = Measured(KIND, id_of(key), name, lasting, ended=ended, unit=_unit(clause))
    return named


def clause_of(*, viewer: Actor, at: datetime, key: str) -> Clause | None:
    """What the newest version says of the clause with this key; None where it never held, or for whoever does not see
    its link."""
    if not sees_clause(viewer=viewer, at=at, public_id=id_of(key)):
        return None
    found = _links([key])
    return next((one for (_link, line), one in _newest(list(found.values())).items() if key.endswith(f"/{line}")), None)


def unit_of_clause(*, public_id: str) -> str:
    """The unit of the values of a clause; empty where it is no measured value."""
    key = key_of(public_id)
    found = clauses_named(viewer=_SYSTEM, at=now(), keys=[key]).get(key)
    return found.unit if found is not None else ""


def clauses_standing(*, at: datetime, keys: Collection[str]) -> set[str]:
    """Those of the keys whose links are in force."""
    links = _links(keys)
    held = pairs_in_force(at=at, keys={link.measured_as for link in links.values()})
    return {key for key, link in _by_key(keys, links).items() if link.measured_as in held}


def records_of_clauses(*, keys: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """The link of each key, by which people follow it."""
    return {key: [(link.kind, link.public_id)] for key, link in _by_key(keys, _links(keys)).items()}


def responsible_for_clauses(*, at: datetime, keys: Collection[str]) -> dict[str, Person]:
    """Who should look first: as for the waits and returns of the link."""
    links = _by_key(keys, _links(keys))
    heads = responsible_for_pairs(at=at, keys={link.measured_as for link in links.values()})
    return {key: heads[link.measured_as] for key, link in links.items() if link.measured_as in heads}


def answerable_clauses(*, viewer: Actor, at: datetime, keys: Collection[str]) -> set[str]:
    """Those of which the viewer may say what is behind a signal: as for the waits and returns of the link."""
    links = _by_key(keys, _links(keys))
    may = answerable_pairs(viewer=viewer, at=at, keys={link.measured_as for link in links.values()})
    return {key for key, link in links.items() if link.measured_as in may}


def _links(keys: Collection[str], rows: Any = None) -> dict[str, Link]:
    """The links of those keys that are ours, by public id."""
    ids = {key.partition("/")[0] for key in keys if "/" in key}
    if not ids:
        return {}
    if rows is None:
        rows = chain.links_in_sight(viewer=_SYSTEM, at=now())
    links = rows.filter(public_id__in=ids).select_related("supplier", "customer", "output")
    return {link.public_id: link for link in links}


def _by_key(keys: Collection[str], links: Mapping[str, Link]) -> dict[str, Link]:
    ours = ((key, links.get(key.partition("/")[0])) for key in keys if "/" in key)
    return {key: link for key, link in ours if link is not None}


def _newest(links: Collection[Link]) -> dict[tuple[int, str], Clause]:
    """By link (key) and line the clause of the newest version that came into force. Three queries at most."""
    held = versions_ever_in_force(viewer=_SYSTEM, links=[link.pk for link in links])
    versions = [version for ever in held.values() for version in ever]
    clauses = clauses_by_version(viewer=_SYSTEM, versions=versions)
    return {
        (link, clause.line): clause for link, ever in held.items() for version in ever for clause in clauses[version.pk]
    }


def _unit(clause: Clause) -> str:
    return clause.unit if clause.measure == Measure.VALUE else ""


def _joined(pair: Mapping[str, Any], characteristic: Mapping[str, Any]) -> Texts:
    return {code: f"{say(pair, code)} · {say(characteristic, code)}" for code, _label in settings.LANGUAGES}
