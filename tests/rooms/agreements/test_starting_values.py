"""The starting values of the sectors become drafts of agreements that contradict themselves nowhere."""

from __future__ import annotations

import pytest

from baton.agreements.models import Agreement, Clause
from baton.agreements.rules import VersionState, faults, missing, settled
from baton.chain.rules import OutputKind
from baton.starters.changes import load_sector
from baton.starters.changes.starting_values import starting_terms
from baton.starters.sectors import CODES, sector
from tests.world import NOON, SYSTEM


@pytest.mark.parametrize("code", CODES)
def test_every_starting_value_is_a_clause_without_contradiction(code: str) -> None:
    """All they lack is where the data come from, which nobody can know beforehand."""
    found = sector(code)
    control = {output.item for output in found.outputs if output.kind is OutputKind.CONTROL}
    for link in found.links:
        for clause in link.clauses:
            terms = settled(starting_terms(clause, ["en", "zh-hans"]))
            assert faults(terms, control=link.output in control) == [], clause
            assert missing(terms) == ("source",), clause


def test_a_sector_that_is_started_has_its_starting_values_as_examples(db: None) -> None:
    done = load_sector(by=SYSTEM, at=NOON, code="school", starting_values=True)
    wanted = [link for link in sector("school").links if link.clauses]
    assert done.agreements == Agreement.objects.count() == len(wanted)
    clauses = Clause.objects.select_related("agreement_version")
    assert clauses.count() == sum(len(link.clauses) for link in wanted)
    assert {(one.example, one.agreement_version.state) for one in clauses if one.agreement_version} == {
        (True, VersionState.DRAFT)
    }  # fmt: skip
    again = load_sector(by=SYSTEM, at=NOON, code="school", starting_values=True, beside=True)
    assert again.agreements == 0
