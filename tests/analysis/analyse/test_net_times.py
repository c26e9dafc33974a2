"""``baton analyse`` on raw moments: business time over a calendar, attainment of promised times, refusals."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.analysis.analyse.test_command import ROOT, baton, found

ROWS = """ticket,from,to,came,stopped,went_on,done,prio
Q-1,Lab,Ward,2026-02-13 17:00,,,2026-02-24 10:00,low
Q-2,Lab,Ward,2026-03-02 09:00,2026-03-02 10:00,2026-03-02 16:00,2026-03-02 17:00,high
Q-3,Lab,Ward,2026-03-02 09:00,,,2026-03-10 17:00,low
Q-4,Lab,Ward,2026-03-03 09:00,,,,low
Q-5,Lab,Ward,2026-03-10 09:00,,,,low
Q-6,Kitchen,Ward,2026-03-07 09:00,,,2026-03-07 12:00,low
"""
COLUMNS = """
supplier = "from"
customer = "to"
case = "ticket"
received = "came"
accepted = "done"
"""
PAUSES = 'paused = "stopped"\nresumed = "went_on"\npriority = "prio"\n'
HOURS = 'hours = {mon-fri = [["09:00", "12:00"], ["13:30", "18:00"]]}\n'
CALENDAR = f"""[calendar]
{HOURS}holidays = [2026-02-15, 2026-02-16, 2026-02-17, 2026-02-18, 2026-02-19, "2026-02-20", 2026-02-23]
makeup_days = {{2026-02-14 = "fri", 2026-02-28 = "mon"}}
edition = "2026, second notice"
"""
CONFIG = f"""zone = "Asia/Shanghai"
as_of = 2026-03-10T18:00:00
{CALENDAR}
[columns]{COLUMNS}{PAUSES}
[promise]
target_days = 2
by_priority = {{high = {{target_seconds = 7200}}}}
attainment = 0.9
[links."Kitchen>*"]
calendar = {{hours = {{mon-sun = [["00:00", "24:00"]]}}}}
target_seconds = 3600
[links."Pharmacy>*"]
target_days = 1
"""


def written(folder: Path, **files: str) -> list[Path]:
    paths = [folder / name.replace("_", ".") for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def table(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / f"{name}.parquet")


def test_net_time_of_one_row_a_handoff(tmp_path: Path) -> None:
    rows, config = written(tmp_path, t_csv=ROWS, c_toml=CONFIG)
    answer = found("analyse", rows, "--config", config, "--out", tmp_path / "out")
    handoffs = table(tmp_path / "out", "handoffs")
    assert dict(handoffs.select("case", pl.col("net_seconds") / 3600).iter_rows()) == {
        "Q-1": 1 + 7.5 + 1,  # Friday from 17:00, the make-up Saturday, Tuesday to 10:00
        "Q-2": 2.0,  # without the pause from 10:00 to 16:00
        "Q-3": 6 * 7.5 + 6.5,
        "Q-4": None,
        "Q-5": None,
        "Q-6": 3.0,  # on a Saturday, in a calendar without a break
    }
    said = answer["timeliness"]
    assert [said[name] for name in ("n", "kept", "late", "overdue", "waiting")] == [5, 2, 2, 1, 1]
    assert said["interval"] == pytest.approx([0.117621, 0.769276], abs=1e-6)
    assert said["as_of"] == "2026-03-10T18:00:00+08:00"
    assert sorted(one["edition"] for one in said["calendars"].values()) == ["", "2026, second notice"]
    assert any("Pharmacy>*" in warning for warning in answer["warnings"])
    months = table(tmp_path / "out", "attainment_by_window").filter(pl.col("subject") == "Lab>Ward")
    assert months.select(pl.col("window").dt.month(), "n", "kept", "overdue").rows() == [(2, 1, 1, 0), (3, 3, 1, 1)]
    # What is not due yet is no fact of a week to come.
    assert answer["last_week"] == "2026-03-09"
    assert answer["n"] == 5


def test_the_report_says_how_times_were_kept(tmp_path: Path) -> None:
    rows, config = written(tmp_path, t_csv=ROWS, c_toml=CONFIG)
    for language, words in {
        "en": ("40.0", "not due yet", "Month from"),
        "zh": ("按时率", "逾期未交", "工作日历"),
    }.items():
        ran = baton("analyse", rows, "--config", config, "--out", tmp_path / "out", "--language", language)
        assert "in time (95 % interval 11.8% to 76.9%); 1 open and overdue" in ran.stdout
        page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
        digests = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["timeliness"]["calendars"]
        assert all(word in page for word in (*words, "2026, second notice", *(digest[:12] for digest in digests)))


def test_engines_agree(tmp_path: Path) -> None:
    """On DuckDB; that attainments agree on Spark too is told by tests/analysis/engines."""
    rows, config = written(tmp_path, t_csv=ROWS, c_toml=CONFIG)
    answers = [
        found("analyse", rows, "--config", config, "--out", tmp_path / name, "--engine", name)["timeliness"]
        for name in ("polars", "duckdb")
    ]
    assert answers[0] == answers[1]
    for name in ("attainment", "attainment_by_window", "measures"):
        assert_frame_equal(table(tmp_path / "duckdb", name), table(tmp_path / "polars", name), rel_tol=1e-9)


def test_net_time_of_one_row_an_event(tmp_path: Path) -> None:
    """Two files, words of another system, a pause that was not agreed, a return, and Excel's text numbers of cases."""
    (tmp_path / "in").mkdir()
    (config,) = written(
        tmp_path,
        c_toml='facts = "handoff_events"\n[calendar]\nhours = {mon-fri = [["09:00", "17:00"]]}\n'
        '[columns]\nkind = "status"\nat = "when"\nreason = "why"\n[clock]\npausing_reasons = ["waits for the ward"]\n'
        '[promise]\ntarget_seconds = 28800\nwindow_by = "stopped"\nwindow = "week"\n'
        '[kinds]\nreceived = ["open"]\naccepted = ["closed", "done"]\npaused = ["pending"]\nresumed = ["back"]\n',
    )  # fmt: skip
    (tmp_path / "in" / "1.csv").write_text(
        "subject,case,when,status,why\nlab>ward,1,2026-03-02T09:00:00Z,open,\n"
        "lab>ward,1,2026-03-02T11:00:00Z,pending,waits for the ward\nlab>ward,1,2026-03-02T13:00:00Z,back,\n"
        "lab>ward,1,2026-03-02T14:00:00Z,pending,lunch\nlab>ward,1,2026-03-02T15:00:00Z,closed,\n"
    )
    (tmp_path / "in" / "2.csv").write_text(
        "subject,case,when,status,why\nlab>ward,1,2026-03-03T09:00:00Z,reopened,\nlab>ward,1,2026-03-03T10:00:00Z,done,\n"
    )
    answer = found("analyse", tmp_path / "in", "--config", config, "--out", tmp_path / "out")
    handoffs = table(tmp_path / "out", "handoffs")
    assert handoffs.select("case", pl.col("net_seconds") / 3600, "returned").rows() == [("1", 5.0, True)]
    assert (answer["timeliness"]["kept"], answer["timeliness"]["window_by"]) == (1, "stopped")
    assert any("as of 2026-03-03 10:00+00:00" in warning for warning in answer["warnings"])
    config.write_text(config.read_text().replace('"closed", ', ""))
    refused = baton("analyse", tmp_path / "in", "--config", config, "--out", tmp_path / "out")
    assert refused.exit_code == 1
    assert "There is also closed" in refused.stderr


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_example_of_the_guide_works(language: str, tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "guide" / language / "analysing-files.md").read_text(encoding="utf-8")
    rows, config = written(tmp_path, t_csv=ROWS, c_toml=guide.split("```toml\n")[2].split("```")[0])
    answer: dict[str, Any] = found("analyse", rows, "--config", config, "--out", tmp_path / "out")["timeliness"]
    assert (answer["n"], answer["kept"], answer["late"], answer["overdue"]) == (6, 1, 3, 2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[promise]\ntarget_days = 2", r"“promise\.target_days” must be left out, or given together with a section"),
        (f"[columns]{COLUMNS}", r"“columns\.received” must be left out, or given together"),
        ("facts = 'handoff_events'", r"“facts” must be left out, or given together with a section \[calendar\]"),
        (f"facts = 'events'\n{CALENDAR}", "“calendar” must be left out unless facts is handoffs or"),
        (CALENDAR, r"“columns\.received” must be named: it starts the clock"),
        (f"{CALENDAR}[columns]\nreceived = 'came'", r"“columns\.accepted” must be named: it stops the clock"),
        (f"{CALENDAR}[columns]{COLUMNS}seconds = 'took'", r"columns\.seconds” must be left out with a \[calendar\]"),
        (f"{CALENDAR}[columns]{COLUMNS}paused = 'stopped'", r"named together with columns\.resumed"),
        (f"{CALENDAR}[columns]{COLUMNS}[kinds]\naccepted = ['x']", "left out unless facts is handoff_events"),
        (f"{CALENDAR}[promise]\ntarget_days = 1\ntarget_seconds = 2", "left out where target_seconds is given"),
        (f"{CALENDAR}[promise]\ntarget_days = 1.5", r"“promise\.target_days” must be a whole number"),
        (f"{CALENDAR}[promise]\nby_priority = {{high = {{}}}}", r"“promise\.by_priority\.high” must be either"),
        (f"{CALENDAR}[promise]\nby_priority = {{high = {{target_days = 1}}}}", r"“columns\.priority” must be named"),
        (f"{CALENDAR}[promise]\nwindow = 'fortnight'", "one of week, month, quarter, year, all"),
        (f"{CALENDAR}[clock]\nexact_close = 'next'", r"“clock\.exact_close” must be one of close, next_opening"),
        (f"{CALENDAR}[links.'a*']\ntarget_days = -1", r"“links\.\"a\*\"\.target_days” must be a whole number"),
        (f"{CALENDAR}[links.a]\ntarget_days = 1\ntarget_seconds = 1", r"“links\.\"a\"\.target_days” must be left out"),
        (f"{CALENDAR}[links.a]\ncalender = 1", r"Did you mean “links\.\"a\"\.calendar”"),
        ("[links.a]\ntarget_days = 1", r"“links\.\"a\"\.target_days” must be left out, or given together"),
        (f"{CALENDAR}[kinds]\nopened = ['x']", r"Did you mean “kinds\.reopened”"),
        (f"{CALENDAR}[kinds]\npaused = ['x']\nresumed = ['x']", r"without “x”, which stands under paused"),
        ("[calendar]\nhours = {mon-fri = [['17:00', '17:00']]}", "One goes from 17:00 to 17:00"),
        ("[calendar]\nhours = {monday = [['09:00', '17:00']]}", "A day of the week is one of mon, tue"),
        (f"[calendar]\n{HOURS}holidays = 'monday'", r"“calendar\.holidays” must be a list of days"),
        (f"[calendar]\n{HOURS}holidays = [2026-10-01]\nmakeup_days = {{2026-10-01 = 'mon'}}", "2026-10-01 is both"),
        ("[calendar]\nzone = 'UTC'", "A calendar has zone and hours"),
        ("calendar = 'office'", "“calendar” must be a section"),
        ("as_of = 2026-03-01", "a date and time such as"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(text: str, said: str, tmp_path: Path) -> None:
    rows, config = written(tmp_path, t_csv=ROWS, c_toml=text)
    result = baton("analyse", rows, "--config", config, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert re.search(said, result.stderr), result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda rows: rows.replace("came", "cam"), "A column “came” was expected"),
        (lambda rows: re.sub(r"2026-03-\d\d \d\d:\d\d", "soon", rows), "2026-02-13|must hold times|no such date"),
        (lambda rows: rows.replace("Q-2", "Q-1"), "1 row repeats|1 rows repeat"),
        (lambda rows: rows.replace("Lab", ""), "“subject” must have a value in every row"),
        (lambda rows: re.sub(r"2026-[-0-9: ]+", "", rows), "At least one handoff with a time was expected"),
    ],
)
def test_rows_that_do_not_fit_are_refused(spoil: Any, said: str, tmp_path: Path) -> None:
    rows, config = written(tmp_path, t_csv=spoil(ROWS), c_toml=CONFIG)
    result = baton("analyse", rows, "--config", config, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert re.search(said, result.stderr), result.stderr
