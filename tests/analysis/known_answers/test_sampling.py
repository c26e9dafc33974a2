"""Acceptance sampling against published tables and curves; each test is named after its source."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from baton_analysis.measures.sampling import (
    LEVELS,
    MIL_STD_105E,
    SamplingPlan,
    Severity,
    Stage,
    code_letter,
    double_plan,
    operating_characteristic,
    plan_between,
    single_plan,
    skip_lot_acceptance,
    zero_acceptance_plan,
)

# Largest lot of the range; letters at S-1 S-2 S-3 S-4 I II III. MIL-STD-105E, table I, as the R package AQLSchemes
# (CRAN, commit c60f3b3, AAZ14Single.R) has it.
TABLE_I = """
8 A A A A A A B
15 A A A A A B C
25 A A B B B C D
50 A B B C C D E
90 B B C C C E F
150 B B C D D F G
280 B C D E E G H
500 B C D E F H J
1200 C C E F G J K
3200 C D E G H K L
10000 C D F G J L M
35000 C D F H K M N
150000 D E G J L N P
500000 D E G J M P Q
9000000 D E H K N Q R
"""

# Letter, size on normal and tightened inspection, size on reduced inspection: MIL-STD-105E, tables II-A and II-C.
SIZES = """
A 2 2
B 3 2
C 5 2
D 8 3
E 13 5
F 20 8
G 32 13
H 50 20
J 80 32
K 125 50
L 200 80
M 315 125
N 500 200
P 800 315
Q 1250 500
R 2000 800
"""

# Lot, AQL, n, Ac, Re at level II: AASingle() of AQLSchemes. The arrow cells 281-500/0.65 and 151-280/1.0 use the size
# of the plan to which they lead.
LEVEL_II_NORMAL = """
500 0.65 80 1 2
500 1 50 1 2
280 1 50 1 2
500 2.5 50 3 4
1200 1 80 2 3
1200 2.5 80 5 6
3200 1 125 3 4
3200 4 125 10 11
10000 1.5 200 7 8
10000 4 200 14 15
"""

# The same, reduced: the gap between acceptance and rejection number is that of MIL-STD-105E.
LEVEL_II_REDUCED = """
500 0.65 32 0 2
500 1.5 20 1 3
1200 1 32 1 3
1200 4 32 3 6
3200 4 50 5 8
10000 1.5 80 3 6
10000 4 80 7 10
"""


def rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


def test_mil_std_105e_table_i() -> None:
    smallest = 2
    for largest, *letters in rows(TABLE_I):
        for size in (smallest, int(largest)):
            assert [code_letter(size, level) for level in LEVELS] == letters
        smallest = int(largest) + 1


def test_mil_std_105e_lots_of_501_to_1200_at_level_ii_have_letter_j() -> None:
    assert {code_letter(size) for size in range(501, 1201)} == {"J"}
    assert (code_letter(500), code_letter(1201)) == ("H", "K")


def test_mil_std_105e_sizes_of_the_letters() -> None:
    letters, normal, reduced = zip(*rows(SIZES), strict=True)
    assert [str(size) for size in MIL_STD_105E.tables["normal"].sizes] == list(normal)
    assert [str(size) for size in MIL_STD_105E.tables["tightened"].sizes] == [*normal, "3150"]
    assert [str(size) for size in MIL_STD_105E.tables["reduced"].sizes] == list(reduced)
    assert len(letters) == 16


def test_aqlschemes_every_cell_of_the_single_plans() -> None:
    with (Path(__file__).parent / "mil_std_105e_single_plans.csv").open(encoding="utf-8") as file:
        cells = list(csv.DictReader(line for line in file if not line.startswith("#")))
    assert len(cells) == 900
    severities: dict[str, Severity] = {"normal": "normal", "tightened": "tightened", "reduced": "reduced"}
    wrong = []
    for cell in cells:
        lot = int(cell["lot"].rstrip("+").split("-")[0])
        plan = single_plan(lot, float(cell["aql"]), level=cell["level"], severity=severities[cell["severity"]])
        if [plan.n, plan.accept, plan.reject] != [int(cell[name]) for name in ("n", "accept", "reject")]:
            wrong.append((cell, str(plan)))
    assert wrong == []


@pytest.mark.parametrize(("table", "severity"), [(LEVEL_II_NORMAL, "normal"), (LEVEL_II_REDUCED, "reduced")])
def test_aqlschemes_level_ii(table: str, severity: Severity) -> None:
    for lot, aql, n, accept, reject in rows(table):
        plan = single_plan(int(lot), float(aql), severity=severity)
        assert (plan.n, plan.accept, plan.reject) == (int(n), int(accept), int(reject)), (lot, aql)


def test_aqlschemes_vignette_tightened() -> None:
    assert str(single_plan(1200, 1.0, severity="tightened")) == "80, 1/2"
    assert str(single_plan(1200, 2.5, severity="tightened")) == "80, 3/4"


def test_aqlschemes_vignette_double_plan_for_3201_to_10000_at_1_5() -> None:
    plan = double_plan(10_000, 1.5)
    assert plan.stages == (Stage(125, 3, 7), Stage(125, 8, 9))
    assert (plan.method, plan.letter, plan.n) == ("double", "L", 250)


@pytest.mark.parametrize("severity", ["normal", "tightened", "reduced"])
def test_mil_std_105e_double_plans_protect_as_the_single_ones(severity: Severity) -> None:
    """The standard matches both: qualities accepted with 50 % and 10 % differ by a tenth, as recomputed for each."""
    for aql in (1.0, 1.5, 2.5, 4.0, 6.5, 10):
        single, double = (plan(1000, aql, severity=severity) for plan in (single_plan, double_plan))
        assert double.method == "double"
        curves = [operating_characteristic(plan, [0.01], distribution="poisson") for plan in (single, double)]
        for acceptance in (0.5, 0.1):
            one, two = (curve.quality_at(acceptance) for curve in curves)
            assert two == pytest.approx(one, rel=0.1)


def test_acceptancesampling_and_nist_6_2_3_2_n_52_c_3() -> None:
    """AcceptanceSampling (CRAN, commit 06741b3) OC2c(52, 3); the NIST handbook prints the same to three decimals."""
    expected = [
        0.99815307, 0.97976508, 0.92953738, 0.84598947, 0.73831741, 0.61959387, 0.50184725, 0.39376303, 0.30027992,
        0.2231871, 0.16206553, 0.11519842,
    ]  # fmt: skip
    plan = SamplingPlan((Stage(52, 3, 4),), method="single")
    curve = operating_characteristic(plan, [percent / 100 for percent in range(1, 13)])
    assert curve.acceptance == pytest.approx(expected, abs=1e-6)


def test_acceptancesampling_hypergeometric_5_of_50_c_1() -> None:
    """AcceptanceSampling OC2c(5, 1, type = "h", N = 50) with 0, 2, 5 and 10 nonconforming items."""
    plan = SamplingPlan((Stage(5, 1, 2),), method="single")
    curve = operating_characteristic(plan, [0, 2, 5, 10], distribution="hypergeometric", lot_size=50)
    assert curve.acceptance == pytest.approx([1, 0.9918367347, 0.9282476543, 0.7418999792], abs=1e-9)


def test_acceptancesampling_manual_find_plan() -> None:
    """find.plan(PRP = c(0.05, 0.95), CRP = c(0.15, 0.075)) gives n = 80, c = 7."""
    plan = plan_between(0.05, 0.15, accept_good=0.95, accept_poor=0.075)
    assert (plan.n, plan.accept, plan.reject) == (80, 7, 8)


@pytest.mark.parametrize(
    ("quality", "risk", "n"),
    [(0.05, 0.05, 59), (0.01, 0.05, 299), (0.10, 0.05, 29), (0.10, 0.10, 22), (0.05, 0.10, 45)],
)
def test_wilks_success_run(quality: float, risk: float, n: int) -> None:
    """Items without a failure that show a share below ``quality`` with confidence 1 - risk (Wilks 1941)."""
    assert zero_acceptance_plan(quality, risk=risk).n == n


def test_perry_1973_sksp_2() -> None:
    """(f P + (1 - f) P^i) / (f + (1 - f) P^i), by hand for P = 0.9, i = 2, f = 0.5: 0.855 / 0.905."""
    assert skip_lot_acceptance(0.9, lots=2, fraction=0.5) == pytest.approx(0.855 / 0.905)
