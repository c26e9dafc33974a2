"""The console script, as somebody at a terminal uses it."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from baton.config.cli import main
from tests.databases import Databases

EVENTS = [
    ("c1", "2026-03-02T08:00:00Z", "take", "Ward"),
    ("c1", "2026-03-02T09:00:00Z", "analyse", "Lab"),
    ("c1", "2026-03-02T10:00:00Z", "take again", "Ward"),
    ("c2", "2026-03-03T08:00:00Z", "take", "Ward"),
    ("c2", "2026-03-03T11:00:00Z", "analyse", "Lab"),
]


def baton(*arguments: str, typed: str = "") -> Result:
    """Run the command in this process, against the installation of the test."""
    return CliRunner().invoke(main, list(arguments), input=typed)


def alone(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, as a shell does."""
    return subprocess.run(
        [sys.executable, "-m", "baton.config", *arguments],
        env={**os.environ, **environment}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture
def events(tmp_path: Path) -> Path:
    file = tmp_path / "events.csv"
    with file.open("w", newline="") as out:
        csv.writer(out).writerows([("case", "time", "activity", "team"), *EVENTS])
    return file


@pytest.mark.sqlite
def test_discover_gives_the_whole_result_as_json(events: Path) -> None:
    done = baton("discover", str(events), "--case", "case", "--party", "team", "--time", "time", "--json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    counts = {name: found[name] for name in ("cases", "events", "parties", "handovers", "cases_with_handover", "pairs")}
    assert counts == {"cases": 2, "events": 5, "parties": 2, "handovers": 3, "cases_with_handover": 2, "pairs": 2}
    assert found["ping_pong"] == {"count": 1, "cases": 1}
    edge = found["edges"][0]
    assert (edge["supplier"], edge["customer"]) == ("Ward", "Lab")
    assert (edge["handovers"], edge["cases"], edge["returns"]) == (2, 2, 1)
    assert (edge["median_wait_seconds"], edge["first_seen"]) == (7200.0, "2026-03-02T09:00:00+00:00")
    assert {"p90_wait_seconds", "last_seen"} <= edge.keys()


@pytest.mark.sqlite
def test_names_with_markup_are_printed_as_they_are(tmp_path: Path) -> None:
    """B020 at the terminal: brackets are the printing library's markup, a wrong pair of them its error."""
    file = tmp_path / "events.csv"
    file.write_text("case,team\nc1,[/red]\nc1,[b]L[/b]\x1b\n")
    done = baton("discover", str(file), "--case", "case", "--party", "team")
    assert done.exit_code == 0, done.stderr
    assert "[/red]" in done.stdout
    assert "[b]L[/b]\N{REPLACEMENT CHARACTER}" in done.stdout
    refused = baton("discover", str(file), "--case", "[/kase]", "--party", "team")
    assert (refused.exit_code, "[/kase]" in refused.stderr) == (1, True)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("column", "options", "hidden", "said"),
    [
        ("team", [], False, "taken as teams"),
        ("org:role", [], False, "taken as roles"),
        ("科室", [], False, "taken as departments"),
        ("employee", [], True, "taken as persons"),
        ("where", [], True, "taken as persons"),
        ("where", ["--party-kind", "team"], False, ""),
        ("team", ["--party-kind", "person"], True, ""),
        ("employee", ["--allow-persons"], False, "shown by name"),
    ],
)
def test_discover_says_what_it_takes_the_parties_for(
    tmp_path: Path, column: str, options: list[str], hidden: bool, said: str
) -> None:
    """Names of persons are hidden wherever the column may hold some and nobody said that it does not."""
    file = tmp_path / "events.csv"
    file.write_text(f"case,{column}\nc1,Ma Chao\nc1,Chen Jie\n", encoding="utf-8")
    done = baton("discover", str(file), "--case", "case", "--party", column, "--json", *options)
    assert done.exit_code == 0, done.stderr
    assert ("Ma Chao" not in done.stdout) == hidden
    notices = json.loads(done.stdout)["notices"]
    assert [said in one for one in notices if "are taken as" in one] == [True] * bool(said)


@pytest.mark.sqlite
def test_discover_needs_no_settings_and_no_database(events: Path, tmp_path: Path) -> None:
    done = alone(
        "discover", str(events), "--case", "case", "--party", "team",
        DATABASE_URL="nonsense", BATON_DATA=str(tmp_path / "never"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "3 handovers in 2 cases" in done.stdout
    assert not (tmp_path / "never").exists()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--case", "kase", "--party", "team"], "kase"),
        (["--case", "case", "--party", "team", "--engine", "abacus"], "abacus"),
        (["--case", "case", "--party", "team", "--zone", "Mars/Base"], "Mars/Base"),
    ],
)
def test_discover_refuses_with_a_message_and_exit_code_1(events: Path, arguments: list[str], said: str) -> None:
    done = baton("discover", str(events), *arguments)
    assert done.exit_code == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.sqlite
def test_wrong_use_is_exit_code_2() -> None:
    done = baton("discover")
    assert done.exit_code == 2
    assert "Usage" in done.stderr


def test_people_are_added_listed_and_refused_twice(committed_db: Databases) -> None:
    secret = "a password of some length"
    added = baton("people", "add", "4711", "--name", "Lin Mei", "--role", "quality_manager", "--password", secret)
    assert added.exit_code == 0, added.stderr
    listed = json.loads(baton("people", "list", "--json").stdout)
    assert [(row["sign_in_name"], row["roles"]) for row in listed] == [("4711", ["quality_manager"])]
    twice = baton("people", "add", "4711", "--name", "Other", "--password", secret)
    assert twice.exit_code == 1
    assert "Traceback" not in twice.stderr
    unknown = baton("people", "add", "4712", "--name", "X", "--role", "king", "--password", secret)
    assert unknown.exit_code == 2
    assert "quality_manager" in unknown.stderr
    assert len(json.loads(baton("people", "list", "--json").stdout)) == 1


def test_a_weak_password_is_refused(committed_db: Databases) -> None:
    done = baton("people", "add", "4711", "--name", "Lin Mei", "--password", "short")
    assert done.exit_code == 1
    assert "10" in done.stderr
    assert "Traceback" not in done.stderr


def test_verify_holds_and_says_so_as_json(committed_db: Databases) -> None:
    baton("people", "add", "4711", "--name", "Lin Mei", "--password", "a password of some length")
    done = baton("verify", "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["entries"] >= 1


def test_forget_asks_first_and_keeps_the_trail_whole(committed_db: Databases) -> None:
    baton("people", "add", "4711", "--name", "Lin Mei", "--password", "a password of some length")
    unknown = baton("forget", "nobody [/bold]", "--reason", "left", "--yes")
    assert (unknown.exit_code, "“nobody [/bold]”" in unknown.stderr) == (1, True)
    refused = baton("forget", "4711", "--reason", "left", typed="n\n")
    assert refused.exit_code == 1
    done = baton("forget", "4711", "--reason", "left", typed="y\n")
    assert done.exit_code == 0, done.stderr
    listed = baton("people", "list", "--json").stdout
    assert "Lin Mei" not in listed
    assert "4711" not in listed
    assert baton("verify").exit_code == 0


def test_retention_says_what_is_kept_how_long(committed_db: Databases) -> None:
    baton("people", "add", "4711", "--name", "Lin Mei", "--password", "a password of some length")
    lines = {line["kind"]: line for line in json.loads(baton("retention", "--json").stdout)}
    person = lines["person"]
    assert (person["years"], person["records"], person["due"]) == (10, 1, 0)
    assert (lines["notification"]["years"], lines["link"]["records"], lines["link"]["oldest"]) == (1, 0, None)
    printed = baton("retention")
    assert (printed.exit_code, "reset_code" in printed.stdout) == (0, True)


@pytest.mark.sqlite
def test_every_command_and_option_explains_itself() -> None:
    def without_help(group: click.Group) -> list[str]:
        bare = []
        for name, command in group.commands.items():
            options = [one for one in command.params if isinstance(one, click.Option) and not one.help]
            bare += [f"{name} {one.name}" for one in options] + ([] if command.help else [name])
            bare += without_help(command) if isinstance(command, click.Group) else []
        return bare

    assert isinstance(main, click.Group)
    assert without_help(main) == []


@pytest.mark.sqlite
def test_backup_and_restore_bring_the_same_people_back(committed_db: Databases, tmp_path: Path) -> None:
    baton("people", "add", "4711", "--name", "Lin Mei", "--password", "a password of some length")
    made = baton("backup", str(tmp_path / "backup.tar"))
    assert made.exit_code == 0, made.stderr
    elsewhere = {"DATABASE_URL": f"sqlite:///{tmp_path}/other/baton.sqlite3", "BATON_DATA": str(tmp_path / "other")}
    restored = alone("restore", str(next(tmp_path.glob("backup*"))), **elsewhere)
    assert restored.returncode == 0, restored.stderr
    listed = json.loads(alone("people", "list", "--json", **elsewhere).stdout)
    assert [row["sign_in_name"] for row in listed] == ["4711"]
    assert alone("verify", **elsewhere).returncode == 0
    again = alone("restore", str(next(tmp_path.glob("backup*"))), **elsewhere)
    assert again.returncode == 1
    assert "--force" in again.stderr


def test_check_finds_an_installation_sound(committed_db: Databases) -> None:
    done = baton("check", "--json")
    findings = json.loads(done.stdout)
    assert {finding["name"] for finding in findings} >= {"disk", "settings", "audit trail"}
    assert done.exit_code == (0 if all(finding["ok"] for finding in findings) else 1)


def test_the_demonstration_is_refused_unless_it_is_allowed(committed_db: Databases) -> None:
    done = baton("demo")
    assert done.exit_code == 1
    assert "BATON_DEMO" in done.stderr


def test_rebuild_of_nothing_is_no_error(committed_db: Databases) -> None:
    assert baton("rebuild").exit_code == 0
    assert baton("worker", "--once").exit_code == 0


@pytest.mark.django_db
def test_a_table_is_imported_at_the_terminal(tmp_path: Path) -> None:
    """By the same way as the pages: checked, entered, the same again changes nothing, mistakes with row and column."""
    from baton.chain.models import Party
    from baton.core.models import ImportRun
    from baton.core.workbooks import Sheet, workbook

    header = ["Code", "Name (English)", "Kind", "Stands under"]
    rows = [["NUR", "Nursing", "Department", ""], ["W3", "Ward 3", "Department", "NUR"]]
    file = tmp_path / "chart.xlsx"
    file.write_bytes(workbook([Sheet("About", ["x"], [["y"]]), Sheet("Chart", header, rows)]))
    wanted = ("import", "organisation", str(file), "--sheet", "Chart", "--json")

    looked = baton(*wanted, "--check")
    assert looked.exit_code == 0, looked.stderr
    found = json.loads(looked.stdout)
    assert (found["state"], found["new"], found["refused"]) == ("checked", 2, 0)
    assert not Party.objects.exists()

    done = json.loads(baton(*wanted).stdout)
    assert (done["state"], done["new"]) == ("entered", 2)
    assert Party.objects.get(code="W3").parent == Party.objects.get(code="NUR")
    assert ImportRun.objects.get(public_id=done["id"]).origin == "command"
    again = json.loads(baton(*wanted).stdout)
    assert (again["state"], again["new"], again["unchanged"]) == ("checked", 0, 2)

    bad = tmp_path / "bad.csv"
    bad.write_text("Code,Name (English),Kind\nA,Alpha,Kitchen\nB,Beta,Team\n", encoding="utf-8")
    refused = baton("import", "organisation", str(bad))
    assert refused.exit_code == 1
    assert "1 refused" in refused.output
    assert "2, Kind:" in refused.output
    assert not Party.objects.filter(code="B").exists()
    left_out = baton("import", "organisation", str(bad), "--leave-refused-out")
    assert left_out.exit_code == 0, left_out.output
    assert Party.objects.filter(code="B").exists()

    assert baton("import", "kitchens", str(bad)).exit_code == 2
    assert baton("import", "organisation", str(bad), "--mapping", "none kept").exit_code == 2
    bad.write_bytes(b"")
    unreadable = baton("import", "organisation", str(bad))
    assert unreadable.exit_code == 1, unreadable.output
    assert "empty" in unreadable.output
