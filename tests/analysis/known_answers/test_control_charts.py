"""Control charts and their constants against published results; each test is named after its source."""

from __future__ import annotations

import numpy as np
import pytest

from baton_analysis.measures.control_charts import (
    ControlChart,
    individuals_chart,
    laney_p_chart,
    p_chart,
    proportion_chart,
)
from baton_analysis.measures.control_constants import shewhart_constants
from baton_analysis.signals.chart_rules import WESTERN_ELECTRIC, find_violations

# Columns: n d2 d3 c4 A2 A3 D3 D4 B3 B4 E2
SIXSIGMA_TABLE = """
2 1.1284 .8525 .7979 1.8800 2.6587 0 3.2665 0 3.2665 2.6587
3 1.6926 .8884 .8862 1.0233 1.9544 0 2.5746 0 2.5682 1.7725
4 2.0588 .8798 .9213 .7286 1.6281 0 2.2821 0 2.2660 1.4572
5 2.3259 .8641 .9400 .5768 1.4273 0 2.1145 0 2.0890 1.2898
6 2.5344 .8480 .9515 .4832 1.2871 0 2.0038 .0304 1.9696 1.1837
7 2.7044 .8332 .9594 .4193 1.1819 .0757 1.9243 .1177 1.8823 1.1093
8 2.8472 .8198 .9650 .3725 1.0991 .1362 1.8638 .1851 1.8149 1.0537
9 2.9700 .8078 .9693 .3367 1.0317 .1840 1.8160 .2391 1.7609 1.0101
10 3.0775 .7971 .9727 .3083 .9754 .2230 1.7770 .2837 1.7163 .9748
11 3.1729 .7873 .9754 .2851 .9274 .2556 1.7444 .3213 1.6787 .9455
12 3.2585 .7785 .9776 .2658 .8859 .2833 1.7167 .3535 1.6465 .9207
13 3.3360 .7704 .9794 .2494 .8495 .3072 1.6928 .3816 1.6184 .8993
14 3.4068 .7630 .9810 .2354 .8173 .3281 1.6719 .4062 1.5938 .8806
15 3.4718 .7562 .9823 .2231 .7885 .3466 1.6534 .4282 1.5718 .8641
16 3.5320 .7499 .9835 .2123 .7626 .3630 1.6370 .4479 1.5521 .8494
17 3.5879 .7441 .9845 .2028 .7391 .3779 1.6221 .4657 1.5343 .8361
18 3.6401 .7386 .9854 .1943 .7176 .3913 1.6087 .4818 1.5182 .8242
19 3.6890 .7335 .9862 .1866 .6979 .4035 1.5965 .4966 1.5034 .8132
20 3.7349 .7287 .9869 .1796 .6797 .4147 1.5853 .5102 1.4898 .8032
21 3.7783 .7242 .9876 .1733 .6629 .4250 1.5750 .5228 1.4772 .7940
22 3.8194 .7199 .9882 .1675 .6473 .4345 1.5655 .5344 1.4656 .7855
23 3.8583 .7159 .9887 .1621 .6327 .4434 1.5566 .5452 1.4548 .7775
24 3.8953 .7121 .9892 .1572 .6191 .4516 1.5484 .5553 1.4447 .7701
25 3.9306 .7084 .9896 .1526 .6063 .4593 1.5407 .5648 1.4352 .7632
"""

ORANGE_JUICE = [
    12,
    15,
    8,
    10,
    4,
    7,
    16,
    9,
    14,
    10,
    5,
    6,
    17,
    12,
    22,
    8,
    10,
    5,
    13,
    11,
    20,
    18,
    24,
    15,
    9,
    12,
    7,
    13,
    9,
    6,
]

# NHS England A&E: patients seen within four hours, and all of them (nhs_accidents of qicharts2).
NHS_SEEN_IN_TIME = [
    266501, 264225, 276532, 281461, 269071, 261215, 270409, 279778, 270483, 270320,
    267923, 271478, 255353, 256820, 261835, 259144, 255910, 260863, 264465, 260989,
]  # fmt: skip
NHS_SEEN = [
    280443, 276823, 291681, 296155, 282343, 275888, 283867, 295251, 284468, 282529,
    279618, 283932, 266629, 268091, 276803, 271578, 266005, 273520, 278574, 273772,
]  # fmt: skip
NHS_P_PRIME_LCL = [
    0.9401296441775, 0.9400464186251, 0.9403780655785, 0.9404730074779, 0.9401726841761,
    0.9400246567804, 0.9402068940215, 0.9404539979664, 0.9402203092679, 0.9401768742182,
    0.940110819306, 0.9402083469757, 0.9398030139891, 0.9398387733906, 0.9400459542855,
    0.9399228940278, 0.9397876617362, 0.9399690439814, 0.9400868775214, 0.9399749965229,
]  # fmt: skip
NHS_P_PRIME_UCL = [
    0.9656697785109, 0.9657530040632, 0.9654213571098, 0.9653264152105, 0.9656267385123,
    0.965774765908, 0.9655925286669, 0.965345424722, 0.9655791134205, 0.9656225484702,
    0.9656886033824, 0.9655910757127, 0.9659964086993, 0.9659606492978, 0.9657534684029,
    0.9658765286606, 0.9660117609521, 0.965830378707, 0.965712545167, 0.9658244261655,
]  # fmt: skip


def beyond_limits(chart: ControlChart) -> list[int]:
    """Points, counted from 1, that break the rule of the limits."""
    found = find_violations(chart, WESTERN_ELECTRIC)
    return [violation.index + 1 for violation in found if violation.rule == "WE1"]


@pytest.mark.parametrize("row", SIXSIGMA_TABLE.strip().splitlines(), ids=lambda row: f"n{row.split()[0]}")
def test_constants_of_sixsigma_for_r(row: str) -> None:
    """cran/SixSigma 29eaccc ss.cc.getd2, getd3, getc4 (numerical integration); printed to four decimals."""
    n, *expected = (float(cell) for cell in row.split())
    c = shewhart_constants(int(n))
    assert [c.d2, c.d3, c.c4, c.A2, c.A3, c.D3, c.D4, c.B3, c.B4, c.E2] == pytest.approx(expected, abs=5e-4)


def test_flow_rate_of_nist_handbook_6_3_2_2() -> None:
    """NIST/SEMATECH e-Handbook 6.3.2.2, ten batches; the handbook rounds d2 to 1.128."""
    chart = individuals_chart([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    assert chart.centre[0] == pytest.approx(50.81, abs=1e-9)
    assert chart.lcl[0] == pytest.approx(45.8159, abs=2e-3)
    assert chart.ucl[0] == pytest.approx(55.8041, abs=2e-3)
    assert chart.companion is not None
    assert chart.companion.centre[0] == pytest.approx(1.8778, abs=1e-4)
    assert chart.companion.ucl[0] == pytest.approx(3.2665 * 1.8778, abs=1e-3)
    assert find_violations(chart) == ()
    assert chart.n == 10
    assert "provisional" in chart.warnings[0].render()


def test_orange_juice_of_qcc() -> None:
    """R qcc af35099 on its orangejuice data, first 30 samples of 50 cans (Montgomery, chapter 7; NIST 6.3.3.2)."""
    chart = p_chart(ORANGE_JUICE, [50] * 30)
    assert chart.centre[0] == pytest.approx(0.231333333, abs=1e-6)
    assert chart.lcl[0] == pytest.approx(0.05242755, abs=1e-6)
    assert chart.ucl[0] == pytest.approx(0.4102391, abs=1e-6)
    assert beyond_limits(chart) == [15, 23]


def test_accident_and_emergency_of_qicharts2() -> None:
    """cran/qicharts2 569c169 qic.p and qic.pp on nhs_accidents (Mohammed & Laney 2006); its d2 is 1.128."""
    plain, prime = p_chart(NHS_SEEN_IN_TIME, NHS_SEEN), laney_p_chart(NHS_SEEN_IN_TIME, NHS_SEEN)
    assert beyond_limits(plain) == [1, 2, 3, 4, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19]
    assert prime.centre[0] == pytest.approx(0.9528997113442, rel=1e-9)
    assert prime.limits[0].spread == pytest.approx(10.640421863497643, rel=1e-3)
    np.testing.assert_allclose(prime.lcl, NHS_P_PRIME_LCL, rtol=1e-4)
    np.testing.assert_allclose(prime.ucl, NHS_P_PRIME_UCL, rtol=1e-4)
    assert beyond_limits(prime) == []


def test_no_event_in_the_baseline_of_the_rule_of_three() -> None:
    """Hanley & Lippman-Hand 1983, JAMA 249: 1743: none of 300 excludes more than 1 % with 95 % confidence."""
    chart = p_chart([0] * 20, [15] * 20)
    (warning,) = chart.warnings
    assert warning.values == {"records": 300, "bound": "0.994"}
    assert "None of 300" in warning.render()
    assert "at most 0.994 %" in warning.render()
    (all_of_them,) = p_chart([15] * 20, [15] * 20).warnings
    assert "at least 99 %" in all_of_them.render()


def test_over_dispersed_attendances_get_p_prime() -> None:
    assert proportion_chart(NHS_SEEN_IN_TIME, NHS_SEEN).method == "p_prime"
