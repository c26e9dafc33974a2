"""What clauses in force ask of those who are served: their perception items."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from baton.agreements.queries.agreements import clauses_by_version
from baton.agreements.queries.in_force import versions_in_force_at
from baton.chain import queries as chain
from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.texts import Texts
from baton.feedback.queries.ballots import Slip
from baton.feedback.rules import About, Contents, Question
from baton.feedback.rules.questions import asked_on

if TYPE_CHECKING:
    from baton.chain.models import Link


@dataclass(frozen=True, slots=True)
class ClauseItem:
    """What a clause asks: ``agreement`` and ``line`` say which, ``links`` where it holds; a clause of a service offer
    holds on several."""

    agreement: str
    line: str
    words: Texts
    links: tuple[Link, ...]


def clause_items(*, viewer: Actor, at: datetime, links: Collection[str] = ()) -> list[ClauseItem]:
    """The perception items of the clauses in force on the living links in sight, or on those with these public ids.
    Five queries."""
    rows = chain.links_in_sight(viewer=viewer, at=at).filter(ended_on__isnull=True)
    if links:
        rows = rows.filter(public_id__in=list(links))
    seen = {one.pk: one for one in rows.select_related("supplier", "customer", "output").order_by("number")}
    versions = versions_in_force_at(viewer=viewer, links=list(seen), moment=at)
    clauses = clauses_by_version(viewer=viewer, versions=list(versions.values()))
    found: dict[str, ClauseItem] = {}
    for key, link in seen.items():
        version = versions.get(key)
        for clause in clauses.get(version.pk, ()) if version is not None else ():
            if version is None or not clause.perception_item:
                continue
            before = found.get(clause.line)
            held = (*before.links, link) if before is not None else (link,)
            agreement = before.agreement if before is not None else version.agreement.public_id
            found[clause.line] = ClauseItem(agreement, clause.line, clause.perception_item, held)
    return list(found.values())


def contents_asked(*, viewer: Actor, slip: Slip) -> dict[str, Contents]:
    """By public id of the link of the wave what the sheet asks about it: of the questions about clauses those whose
    clause was in force on the link when the wave was opened. Whoever holds the slip may know of its links. Three
    queries where such questions are asked, none otherwise."""
    contents, moment = slip.wave.contents, slip.wave.opened_at
    if not any(one.line for one in contents.questions(About.LINK)):
        return {link.public_id: contents for link, _band in slip.links}
    if moment is None:
        raise NotFound
    lines = lines_of_links(viewer=viewer, at=moment, links=[link.link_id for link, _band in slip.links])
    return {link.public_id: asked_on(contents, lines.get(link.link_id, frozenset())) for link, _band in slip.links}


def without_strange_clauses(*, viewer: Actor, at: datetime, contents: Contents) -> tuple[Contents, list[Question]]:
    """The contents in which questions about clauses that are not in force here ask about every link, and those
    questions: a file may come from another installation."""
    if not any(one.line for one in contents.questions()):
        return contents, []
    known = {(one.agreement, one.line) for one in clause_items(viewer=viewer, at=at)}
    strange = [one for one in contents.questions() if one.line and (one.agreement, one.line) not in known]
    keys = {one.key for one in strange}

    def plain(asked: tuple[Question, ...]) -> tuple[Question, ...]:
        return tuple(replace(one, agreement="", line="") if one.key in keys else one for one in asked)

    sections = (replace(section, questions=plain(section.questions)) for section in contents.sections)
    return Contents(tuple(sections)), strange


def lines_of_links(*, viewer: Actor, at: datetime, links: Collection[int]) -> Mapping[int, frozenset[str]]:
    """By key of the link, the lines of the clauses in force on it. The caller has made sure that ``viewer`` may know of
    the links. Three queries."""
    versions = versions_in_force_at(viewer=viewer, links=list(links), moment=at)
    clauses = clauses_by_version(viewer=viewer, versions=list(versions.values()))
    return {key: frozenset(one.line for one in clauses.get(held.pk, ())) for key, held in versions.items()}
