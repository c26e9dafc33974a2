"""The starting values of a sector become first drafts of agreements, marked as examples until somebody agrees them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from baton.agreements import changes as agreements
from baton.agreements.queries import agreements_in_sight
from baton.agreements.rules import Terms
from baton.chain import queries as chain
from baton.core.actors import Actor
from baton.core.texts import say
from baton.starters.sectors.rules import UNITS, Clause, Link
from baton.starters.sectors.terms import terms_of

if TYPE_CHECKING:
    from baton.agreements.models import AgreementVersion
    from baton.chain import models


def begin_agreements(
    *,
    by: Actor,
    at: datetime,
    links: Collection[Link],
    parties: Mapping[str, models.Party],
    outputs: Mapping[str, models.Output],
    languages: Collection[str],
) -> list[AgreementVersion]:
    """A first draft for each of these links of a sector that has starting values and no agreement yet. ``parties`` by
    code, ``outputs`` by item code."""
    live = chain.links_in_sight(viewer=by, at=at).filter(ended_on__isnull=True)
    known = {
        (link.supplier_id, link.customer_id, link.output_id): link
        for link in live.select_related("supplier", "customer", "output")
    }
    has_one = set(agreements_in_sight(viewer=by, at=at).values_list("link_id", flat=True))
    begun = []
    for wanted in links:
        key = (parties[wanted.supplier].pk, parties[wanted.customer].pk, outputs[wanted.output].pk)
        link = known.get(key)
        if link is None or link.pk in has_one or not wanted.clauses:
            continue
        terms = [starting_terms(clause, languages) for clause in wanted.clauses]
        begun.append(agreements.begin_agreement(by=by, at=at, link=link, clauses=terms, example=True))
    return begun


def starting_terms(clause: Clause, languages: Collection[str]) -> Terms:
    """A starting value as terms, in these languages; the organisation's own is always among them."""
    wanted = {*languages, settings.LANGUAGE_CODE}
    unit = say(UNITS[clause.unit], settings.LANGUAGE_CODE)
    return terms_of(clause, lambda texts: {code: text for code, text in texts.items() if code in wanted}, unit)
