"""Clauses that a withdrawn import had changed say again what they said before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from baton.agreements.changes import give_back_terms
from baton.agreements.changes.bulk_clauses import READ_ROWS, terms_of
from baton.agreements.models import Clause
from baton.agreements.rules import EDITABLE, settled
from baton.core.actors import Actor


def give_back(*, by: Actor, at: datetime, line: Mapping[str, Any]) -> None:
    """Let one clause say again what it said before the row changed it; refused where it says something else by now."""
    clause = Clause.objects.get(public_id=line["clause"])
    wrote, former = terms_of(line["terms"]), terms_of(line["former"])
    give_back_terms(by=by, at=at, clause=clause, wrote=wrote, former=former, example=line["example"])


def changed_since(lines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """What the clauses are called that say something else than these rows wrote, are left out, or stand still."""
    left = iter(lines)
    while part := list(islice(left, READ_ROWS)):
        wrote = {line["clause"]: terms_of(line["terms"]) for line in part}
        rows = Clause.objects.filter(public_id__in=wrote)
        for clause in rows.select_related("agreement_version__agreement__link", "calendar"):
            version = clause.agreement_version
            stands = settled(clause.terms) == wrote[clause.public_id] and not clause.dropped
            open_ = version is not None and version.state in EDITABLE and version.agreement.link.ended_on is None
            if not (stands and open_):
                yield f"{version}: {clause}"
