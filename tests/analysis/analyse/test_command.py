"""``baton analyse`` through its front door: facts in, tables and report out, refusals that say what to do."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner, Result
from polars.testing import assert_frame_equal

from baton.config.cli import main
from baton_analysis.analyse.checks import ConfigurationError
from baton_analysis.analyse.configuration import configuration
from baton_analysis.signals.expected_alarms import alarm_rate
from baton_analysis.simulation import PlantedFault, organisation, simulate, write_facts

ROOT = Path(__file__).resolve().parents[3]
FIRST = 20_458  # Monday 5 January 2026 is day 20458 since 1970-01-01
WEEKS = 30


def baton(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def found(*arguments: object) -> dict[str, Any]:
    result = baton(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def handoffs() -> pl.DataFrame:
    """Two links with 40 handoffs a week: the ward's is steady, the laboratory's gets slow in the last four weeks."""
    chance = np.random.default_rng(3)
    count = WEEKS * 40
    parts = []
    for subject in ("pharmacy>ward", "laboratory>ward"):
        week = np.repeat(np.arange(WEEKS), 40)
        slow = (subject == "laboratory>ward") & (week >= WEEKS - 4)
        seconds = chance.lognormal(8, 0.4, count) * np.where(slow, 2.0, 1.0)
        day = FIRST + 7 * week + chance.integers(0, 7, count)
        parts.append(
            pl.DataFrame(
                {
                    "subject": subject,
                    "day": day.astype(np.int32),
                    "week": (FIRST + 7 * week).astype(np.int32),
                    "net_seconds": seconds,
                    "late": seconds > 5_000,
                    "returned": chance.random(count) < 0.05,
                }
            )
        )
    return pl.concat(parts)


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Canonical facts, a file a month."""
    folder = tmp_path_factory.mktemp("facts")
    month = ((pl.col("day") - FIRST) // 28).alias("month")
    for key, part in handoffs().with_columns(month).partition_by("month", as_dict=True, include_key=False).items():
        (folder / f"month={key[0]}").mkdir()
        part.write_parquet(folder / f"month={key[0]}" / "all.parquet")
    return folder


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("config") / "analysis.toml"
    path.write_text(
        "[charts]\nbaseline = 20\n[promise]\nattainment = 0.85\nweeks = 8\n[specification]\nupper_seconds = 8000\n"
    )
    return path


def test_what_got_worse_stands_first(facts: Path, config: Path, tmp_path: Path) -> None:
    answer = found(
        "analyse", facts, "--config", config, "--out", tmp_path
    )  # fmt: skip
    assert (answer["n"], answer["links"], answer["broken_promises"]) == (2 * WEEKS * 40, 2, 1)
    points = 2 * 3 * 4  # links, measures, recent weeks
    assert answer["expected_false_alarms"] == pytest.approx(points * alarm_rate().flagged)
    links = pl.read_csv(tmp_path / "links.csv")
    assert links["subject"].to_list() == ["laboratory>ward", "pharmacy>ward"]
    assert links["broken"].to_list() == [True, False]
    assert links["judged"][0] == 8 * 40
    signals = pl.read_parquet(tmp_path / "signals.parquet")
    worse = signals.filter((pl.col("subject") == "laboratory>ward") & pl.col("recent") & pl.col("worse"))
    assert {"late_share", "median_seconds"} <= set(worse["measure"])
    several = worse.group_by("measure", "week").agg(pl.col("rule")).filter(pl.col("rule").list.len() > 1)
    assert several.height  # each rule of a point is kept
    assert answer["capability"]["pharmacy>ward"]["upper"] == 8000
    weeks = pl.read_parquet(tmp_path / "measures.parquet")
    assert weeks.height == 2 * WEEKS
    assert_frame_equal(pl.read_csv(tmp_path / "measures.csv", try_parse_dates=True), weeks, rel_tol=1e-9)


def test_the_report_needs_nothing_but_itself(facts: Path, config: Path, tmp_path: Path) -> None:
    assert baton("analyse", facts, "--config", config, "--out", tmp_path, "--language", "zh").exit_code == 0
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"<script|<link|<img|src=|url\(|@import|https?:", page)
    assert page.index("laboratory → ward") < page.index("pharmacy → ward")
    assert page.count("<svg") == 6
    assert '<html lang="zh-Hans">' in page
    assert "未守承诺" in page
    assert "连续 8 点" in page  # names of rules too
    english = tmp_path / "en"
    assert baton("analyse", facts, "--config", config, "--out", english, "--language", "en").exit_code == 0
    assert "promise broken" in (english / "report.html").read_text(encoding="utf-8")


def test_another_engine_by_its_name(facts: Path, config: Path, tmp_path: Path) -> None:
    answer = found("analyse", facts, "--config", config, "--out", tmp_path, "--engine", "duckdb")
    assert (answer["engine"], answer["broken_promises"]) == ("duckdb", 1)


def test_a_table_with_names_of_its_own(tmp_path: Path) -> None:
    """CSV with supplier and customer, local times, seconds against one target, words for yes and no."""
    rows = ["von,an,fertig,dauer,zurück"]
    for week in range(6):
        rows += [
            f"Lager,Montage,2026-01-{5 + week:02d} 23:30:00,{3000 + 500 * i},{'ja' if i else '否'}" for i in range(4)
        ]
    table, config = tmp_path / "handoffs.csv", tmp_path / "c.toml"
    table.write_text("\n".join(rows).replace("ja", "是"), encoding="utf-8")
    config.write_text(
        'zone = "Asia/Shanghai"\n[columns]\nsupplier = "von"\ncustomer = "an"\nat = "fertig"\nseconds = "dauer"\n'
        'returned = "zurück"\n[promise]\ntarget_seconds = 4000\nattainment = 0.9\n'
    )
    answer = found("analyse", table, "--config", config, "--out", tmp_path / "out")
    weeks = pl.read_parquet(tmp_path / "out" / "measures.parquet")
    assert answer["n"] == 24
    assert weeks["subject"].unique().to_list() == ["Lager>Montage"]
    # 23:30 of Sunday 11 January is still that Sunday in Shanghai, and 15:30 in UTC.
    assert weeks["handoffs"].to_list() == [24]
    assert (weeks["late"][0], weeks["judged"][0], weeks["returns"][0]) == (6, 24, 18)


def test_one_link_may_have_targets_of_its_own(facts: Path, tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text(
        '[promise]\nattainment = 0.99\nweeks = 8\n[links."laboratory>ward"]\nattainment = 0.01\nupper_seconds = 9000\n'
        '[names]\nward = "Ward 3 & 4"\n'
    )
    answer = found("analyse", facts, "--config", config, "--out", tmp_path / "out")
    links = {row["subject"]: row for row in pl.read_parquet(tmp_path / "out" / "links.parquet").iter_rows(named=True)}
    assert (links["laboratory>ward"]["attainment"], links["laboratory>ward"]["broken"]) == (0.01, False)
    assert (links["pharmacy>ward"]["attainment"], links["pharmacy>ward"]["broken"]) == (0.99, True)
    assert list(answer["capability"]) == ["laboratory>ward"]
    assert "pharmacy → Ward 3 &amp; 4" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")

    raw = tmp_path / "raw.csv"
    rows = [f"{link},2026-01-05T08:00:00Z,{seconds}" for link in "ab" for seconds in (50, 150, 250)]
    raw.write_text("subject,at,net_seconds\n" + "\n".join(rows))
    config.write_text("[promise]\ntarget_seconds = 200\n[links.b]\ntarget_seconds = 100\n")
    found("analyse", raw, "--config", config, "--out", tmp_path / "raw")
    assert pl.read_parquet(tmp_path / "raw" / "measures.parquet")["late"].to_list() == [1, 2]


def test_names_are_no_markup_and_no_formulas(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    rows = [f"=1+1>ward<script>,2026-0{1 + week // 4}-{1 + 7 * (week % 4):02d}T08:00:00Z,60,no,no" for week in range(8)]
    table.write_text("subject,at,net_seconds,late,returned\n" + "\n".join(rows))
    found("analyse", table, "--out", tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "ward&lt;script&gt;" in page
    for name in ("measures", "links"):
        assert "\n'=1+1" in (tmp_path / "out" / f"{name}.csv").read_text(encoding="utf-8-sig")
    assert pl.read_parquet(tmp_path / "out" / "links.parquet")["subject"].to_list() == ["=1+1>ward<script>"]
    assert "At most 7 events" in baton("analyse", table, "--out", tmp_path / "out", "--most-events", 7).stderr


def test_an_event_log(tmp_path: Path) -> None:
    log, config = tmp_path / "log.csv", tmp_path / "c.toml"
    lines = [f"{case},{team},2026-0{1 + case // 20}-{1 + case % 20:02d}T{8 + step:02d}:00:00Z" for case in range(60)
             for step, team in enumerate(("Ward", "Laboratory", "Ward"))]  # fmt: skip
    log.write_text("case,team,time\n" + "\n".join(lines))
    config.write_text('facts = "events"\n[columns]\nparty = "team"\nat = "time"\n')
    answer = found("analyse", log, "--config", config, "--out", tmp_path / "out")
    assert (answer["n"], answer["links"]) == (120, 2)
    weeks = pl.read_parquet(tmp_path / "out" / "measures.parquet").filter(pl.col("subject") == "Ward>Laboratory")
    assert weeks["median_seconds"].unique().to_list() == [3600.0]
    assert weeks["returns"].sum() == 60
    assert any("team" in warning for warning in answer["warnings"])


def test_a_planted_fault_stands_first(tmp_path: Path) -> None:
    """Three sigma of the weekly median on one of twelve links, for the last four weeks of a simulated year."""
    what = organisation(parties=6, links=12, seed=11)
    fault = PlantedFault(what.links[0].pair, "shift", start=date(2026, 11, 30), size=3)
    year = simulate(what, seed=11, first=date(2026, 1, 5), end=date(2026, 12, 27), faults=[fault])
    write_facts(year, tmp_path / "facts")
    config = tmp_path / "c.toml"
    config.write_text("[charts]\nbaseline = 40\n")
    found("analyse", tmp_path / "facts" / "handovers", "--config", config, "--out", tmp_path / "out")
    first = pl.read_parquet(tmp_path / "out" / "links.parquet").row(0, named=True)
    assert first["subject"] == ">".join(fault.link)
    assert first["recent_worse"] > 0


def test_a_second_run_computes_only_what_is_new(facts: Path, tmp_path: Path) -> None:
    first = found("analyse", facts, "--out", tmp_path)
    again = found("analyse", facts, "--out", tmp_path)
    assert first == again


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_example_of_the_guide_works(language: str, tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "guide" / language / "analysing-files.md").read_text(encoding="utf-8")
    config, table = tmp_path / "analysis.toml", tmp_path / "handoffs.csv"
    config.write_text(guide.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    rows = [f"A,B,2026-{1 + day // 28:02d}-{1 + day % 28:02d} 09:00,{3600 + 900 * (day % 5)},no" for day in range(80)]
    table.write_text("from,to,accepted,took,sent back\n" + "\n".join(rows))
    assert found("analyse", table, "--config", config, "--out", tmp_path / "out")["n"] == 80


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[chart]\nrules = 'nelson'", r"“chart” is none of them\. Did you mean “charts”\?"),
        ("[charts]\nruls = 'nelson'", r"“charts\.ruls” is none of them\. Did you mean “charts\.rules”\?"),
        ("[charts]\nrules = 'Nelson'", r"one of western_electric, nelson \(did you mean nelson\?\)"),
        ("[promise]\nattainment = 95", r"“promise\.attainment” must be a number from 0\.01 to 1\. It is 95"),
        ("[charts]\nphases = ['monday']", r"a date such as 2026-03-02"),
        ("[columns]\nsupplier = 'von'", r"together with columns\.customer"),
        ("zone = 'Mars/Olympus'", "Mars/Olympus"),
        ("facts = handoffs", "TOML"),
        ("[links.a]\natainment = 0.9", r"“links\.\"a\"\.atainment” is none of them\. Did you mean"),
        (
            "[specification]\nlower_seconds = 9\n[links.a]\nupper_seconds = 5",
            r"“links\.\"a\"\.lower_seconds” must be below",
        ),
    ],
)
def test_a_wrong_configuration_is_refused_with_the_place(text: str, said: str, facts: Path, tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text(text)
    result = baton("analyse", facts, "--config", config, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert re.search(said, result.stderr), result.stderr
    assert not (tmp_path / "out").exists()


def test_facts_that_do_not_fit_are_refused_with_the_column(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("subjekt,at,net_seconds,late\na>b,2026-01-05T08:00:00Z,x,no\n")
    refused = baton("analyse", table, "--out", tmp_path / "out")
    assert refused.exit_code == 1
    assert 'subject = "subjekt"' in refused.stderr
    table.write_text("subject,at,net_seconds,late\na>b,2026-01-05T08:00:00Z,x,no\n")
    assert "1 value is not: “x”" in baton("analyse", table, "--out", tmp_path / "out").stderr
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "holds none" in baton("analyse", empty, "--out", tmp_path / "out").stderr
    assert "a folder of their own" in baton("analyse", empty, "--out", empty / "out").stderr
    assert "abacus" in baton("analyse", table, "--engine", "abacus", "--out", tmp_path / "out").stderr


def test_files_of_different_form_are_brought_into_one(facts: Path, tmp_path: Path) -> None:
    whole = handoffs()
    place = tmp_path / "facts"
    place.mkdir()
    whole.filter(pl.col("week") < FIRST + 70).drop("late").write_parquet(place / "a.parquet")
    whole.filter(pl.col("week") >= FIRST + 70).write_parquet(place / "b.parquet")
    answer = found("analyse", place, "--out", tmp_path / "out")
    assert answer["n"] == whole.height
    weeks = pl.read_parquet(tmp_path / "out" / "measures.parquet")
    assert weeks.filter(pl.col("judged") == 0).height == 20
    (place / "b.parquet").write_bytes((place / "b.parquet").read_bytes()[:-9])
    refused = baton("analyse", place, "--out", tmp_path / "out")
    assert refused.exit_code == 1
    assert "facts/b" in refused.stderr
    assert "cannot be read as one" in refused.stderr


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_file_whose_footer_is_whole_and_whose_pages_are_not_is_named(tmp_path: Path, engine: str) -> None:
    facts = tmp_path / "facts"
    facts.mkdir()
    months = handoffs().partition_by("week", maintain_order=True)
    pl.concat(months[:15]).write_parquet(facts / "first.parquet")
    pl.concat(months[15:]).write_parquet(facts / "second.parquet")
    whole = (facts / "second.parquet").read_bytes()
    middle = len(whole) // 2
    (facts / "second.parquet").write_bytes(whole[:4] + b"\xff" * middle + whole[4 + middle :])
    refused = baton("analyse", facts, "--out", tmp_path / "out", "--engine", engine)
    assert refused.exit_code == 1
    assert "A complete Parquet file was expected." in refused.stderr
    assert "second.parquet" in refused.stderr


def test_the_parts_of_a_refusal_are_put_into_the_readers_language() -> None:
    chinese = {
        "“{key}” must be {wanted}.": "“{key}”必须是{wanted}。",
        "a number from {low} to {high}": "{low} 至 {high} 之间的数",
        "one of {known} (did you mean {near}?)": "{known} 之一（是否指 {near}？）",
    }
    for said, part in (
        ({"promise": {"attainment": 95}}, "0.01 至 1 之间的数"),
        ({"charts": {"rules": "Nelson"}}, "是否指"),
    ):
        with pytest.raises(ConfigurationError) as refused:
            configuration(said)
        assert part in refused.value.render(lambda text: chinese.get(text, text))
