"""Clauses as a table: taken, brought again, refused with every mistake, entered and withdrawn as a whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from baton.agreements import changes
from baton.agreements.changes.bulk_clauses import terms_line, terms_of
from baton.agreements.imports.clause_columns import COLUMNS
from baton.agreements.imports.clauses import CLAUSES
from baton.agreements.models import AgreementVersion, Clause
from baton.agreements.rules import MOST_CLAUSES, Measure, Sampling, Side, Source, Terms
from baton.core.audit.verify import verify
from baton.core.changes import calendars
from baton.core.changes.imports import enter_import, give_back_import, withdraw_import
from baton.core.errors import Refused
from baton.core.imports.reports import changes_of
from baton.core.imports.runs import enter_now
from baton.core.models import ImportRun, WorkCalendar
from tests.rooms.agreements.made import BARE, LINEN, ORDER, drafted, first_clause, in_force, proposed, terms
from tests.rooms.imports.tables import checked, counts, entered, said
from tests.world import NOON, SYSTEM, World

FULL = terms(
    characteristic={"en": "Linen is on the ward", "zh-hans": "布草已到病区"}, source_note="Round list",
    sampling=Sampling.SAMPLE, sample_size=20, sampling_note="the first of a week",
    perception_item={"en": "Linen is there when I need it.", "zh-hans": "需要布草时就有。"}, baseline_value=30.5,
    baseline_weeks=6, baseline_from=date(2026, 3, 2), baseline_until=date(2026, 4, 12), baseline_note="List of spring",
    trial_until=date(2026, 9, 30),
)  # fmt: skip
COLD = Terms(
    owed_by=Side.SUPPLIER, characteristic={"en": "Blood stays cold"}, measure=Measure.VALUE, unit="°C", target=4.0,
    lower=2.0, upper=8.0, source=Source.INSPECTION,
)  # fmt: skip


def table(rows: Sequence[Mapping[str, Any]], language: str = "en") -> str:
    """Rows by field as a table under the names of the columns."""
    fields = list(dict.fromkeys(name for row in rows for name in row))
    labels = {column.name: column.label(language) for column in COLUMNS}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([labels[name] for name in fields])
    writer.writerows([[row.get(name, "") for name in fields] for row in rows])
    return out.getvalue()


def row(version: AgreementVersion, name: str, **said: Any) -> dict[str, Any]:
    given = {
        "agreement": version.agreement.number, "owed_by": "Supplier", "characteristic_en": name, "measure": "Time",
        "direction": "<=", "target": "24", "unit": "hours", "attainment": "95", "source": "Handoffs",
    }  # fmt: skip
    return given | said


def taken(rows: Any) -> str:
    """What is there, as the export writes it."""
    return table([dict(one) for one in rows])


def test_all_that_a_clause_says_survives_as_plain_values() -> None:
    for said_by in (FULL, COLD, BARE, ORDER):
        assert terms_of(terms_line(said_by)) == said_by


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_is_taken_is_brought_again_and_changes_nothing(world: World, language: str) -> None:
    version = drafted(world, FULL, COLD, ORDER, BARE)
    rows = [dict(one) for one in CLAUSES.rows(SYSTEM, NOON)]
    assert [one["agreement"] for one in rows] == [version.agreement.number] * 4
    run = checked("clauses", table(rows, language))
    assert (counts(run), said(run)) == ((0, 0, 4, 0), [])


def test_a_version_in_force_says_what_it_says_and_does_not_change(world: World) -> None:
    version = in_force(proposed(world, FULL, ORDER))
    rows = [dict(one) for one in CLAUSES.rows(SYSTEM, NOON)]
    assert counts(checked("clauses", table(rows))) == (0, 0, 2, 0)
    rows[0]["target"] = "12"
    run = checked("clauses", table([*rows, row(version, "Something new")]))
    assert counts(run) == (0, 0, 1, 2)
    assert [text for _row, column, text in said(run) if column == "Agreement or link"] == [
        f"Expected an agreement with a draft; other versions do not change. {version.agreement.number} has none: its "
        "version 1 is In force. Begin a new version on its page, then import the table again."
    ] * 2


def test_what_is_imported_is_what_the_page_would_have_made(world: World) -> None:
    version = drafted(world, ORDER)
    by_hand = changes.add_clause(by=world.actor(world.zhao_lei), at=NOON, version=version, terms=FULL)
    rows = [one for one in CLAUSES.rows(SYSTEM, NOON) if one["line"] == by_hand.line]
    changes.drop_clause(by=world.actor(world.zhao_lei), at=NOON, clause=by_hand)
    run = entered("clauses", table([{**rows[0], "line": ""}, row(version, "Second"), row(version, "Third")]))
    assert (counts(run), run.state) == ((3, 0, 0, 0), "entered")
    held = list(Clause.objects.filter(agreement_version=version, dropped=False).order_by("position"))
    assert [str(one) for one in held] == ["Used linen is sorted", "Linen is on the ward", "Second", "Third"]
    assert held[1].terms == by_hand.terms
    assert len({one.position for one in held}) == 4
    assert verify().holds
    again = checked("clauses", table([{**rows[0], "line": ""}, row(version, "Second"), row(version, "Third")]))
    assert counts(again) == (0, 0, 3, 0)
    page = world.client(world.zhao_lei).get(f"/agreements/{version.agreement.public_id}/").content.decode()
    assert "Clauses imported" in page


def test_a_row_changes_the_clause_that_is_there_and_shows_what_it_was(world: World) -> None:
    version = drafted(world)
    line = first_clause(version).line
    run = checked("clauses", table([row(version, "Linen is there", line=line, target="12"), row(version, "New")]))
    assert counts(run) == (1, 1, 0, 0)
    assert {(one.column, one.now, one.then) for one in changes_of(run, 9)} == {
        ("Characteristic (English)", "Clean linen is on the ward", "Linen is there"), ("Target", "24", "12"),
    }  # fmt: skip
    run = enter_import(by=SYSTEM, at=timezone.now(), run=run)
    enter_now(by=SYSTEM, at=timezone.now(), run=run)
    changed = first_clause(version)
    assert (str(changed), changed.target) == ("Linen is there", 12.0)


@pytest.mark.sqlite
@pytest.mark.parametrize(("wrong", "column", "message"), [
    ({"agreement": "A-1999-0001"}, "Agreement or link", "“A-1999-0001” is none of them"),
    ({"unit": "kg"}, "Unit", "Expected a unit that fits the measure"),
    ({"measure": ""}, "Measure", "Expected a measure"),
    ({"attainment": "101"}, "Attainment, %", "above 0 and up to 100 %"),
    ({"target": "soon"}, "Target", "A number was expected"),
    ({"target": "1,234"}, "Target", "can be read in one way"),
    ({"measure": "Value", "unit": "mm", "attainment": "", "lower": "1", "upper": "2", "target": "3"}, "Target",
     "within its limits"),
    ({"aspect": "Clarity"}, "Aspect of quality", "Expected one of these"),
    ({"baseline_value": "3"}, "Weeks measured", "Give both, or neither"),
    ({"owed_by": "Nobody"}, "Owed by", ""),
    ({"characteristic_en": ""}, "Characteristic (English)", "The cell is empty"),
    ({"characteristic_en": "x" * 201}, "Characteristic (English)", "200"),
    ({"calendar": "Moon"}, "Calendar", "Expected the name of one calendar in force"),
    ({"line": "0123456789abcdef"}, "Clause id", "Expected the id of a clause of"),
    ({"sampling": "Sample"}, "Sample size", "how many cases"),
])  # fmt: skip
def test_what_is_wrong_is_said_with_row_column_and_remedy(
    world: World, wrong: dict[str, str], column: str, message: str
) -> None:
    version = drafted(world)
    bad = {"aspect": "", "baseline_value": "", "baseline_weeks": "", "calendar": "", "line": "", "sampling": "",
           "sample_size": "", "lower": "", "upper": ""} | row(version, "New") | wrong  # fmt: skip
    run = checked("clauses", table([row(version, "Good"), bad]))
    found = said(run)
    assert counts(run)[3] == 1
    assert {number for number, _where, _text in found} == {3}
    assert found[0][1] == column
    assert message in found[0][2]
    with pytest.raises(Refused, match="Nothing is entered while a row is refused"):
        enter_import(by=SYSTEM, at=timezone.now(), run=run)
    assert Clause.objects.filter(agreement_version=version).count() == 2


@pytest.mark.sqlite
def test_ten_thousand_clauses_with_mistakes_tell_every_mistake_and_save_nothing(world: World) -> None:
    version = drafted(world, ORDER)
    rows = [row(version, f"Promise {n}", target="many" if n % 100 == 0 else "24") for n in range(10_000)]
    run = checked("clauses", table(rows))
    assert run.state == "checked"
    unread = {number for number, column, _text in said(run) if column == "Target"}
    assert unread == {n + 2 for n in range(0, 10_000, 100)}
    # One version holds 60: the first 59 that can be read are new, all others are one too many.
    assert counts(run) == (MOST_CLAUSES - 1, 0, 0, 10_000 - MOST_CLAUSES + 1)
    with pytest.raises(Refused, match="Nothing is entered while a row is refused"):
        enter_import(by=SYSTEM, at=timezone.now(), run=run)
    assert Clause.everything.count() == 1


def test_they_are_withdrawn_as_a_whole_until_somebody_proposes_them(world: World) -> None:
    version = drafted(world)
    run = entered("clauses", table([row(version, "First"), row(version, "Second")]))
    withdraw_import(by=SYSTEM, at=timezone.now(), run=run, reason="wrong table")
    assert Clause.objects.filter(agreement_version=version).count() == 2
    run = entered("clauses", table([row(version, "First"), row(version, "Second")]))
    version.refresh_from_db()
    changes.propose_version(by=world.actor(world.zhao_lei), at=NOON, version=version)
    with override("en"), pytest.raises(Refused, match="versions that are no longer drafts: 1"):
        withdraw_import(by=SYSTEM, at=timezone.now(), run=run, reason="wrong table")


def test_a_version_that_is_proposed_after_the_check_takes_nothing_in(world: World) -> None:
    version = drafted(world)
    run = checked("clauses", table([row(version, "First"), row(version, "Second")]))
    changes.propose_version(by=world.actor(world.zhao_lei), at=NOON, version=version)
    run = enter_import(by=SYSTEM, at=timezone.now(), run=run)
    run = enter_now(by=SYSTEM, at=timezone.now(), run=run)
    assert run.state == "failed"
    assert "is no longer a draft" in run.failure["found"]
    assert Clause.objects.filter(agreement_version=version).count() == 2


def test_somebody_who_changed_the_clause_since_the_check_wins(world: World) -> None:
    version = drafted(world)
    run = checked("clauses", table([row(version, "Clean linen is on the ward", target="12")]))
    by = world.actor(world.zhao_lei)
    changes.change_clause(by=by, at=NOON, clause=first_clause(version), terms=terms(LINEN, target=6.0))
    run = enter_now(by=SYSTEM, at=timezone.now(), run=enter_import(by=SYSTEM, at=timezone.now(), run=run))
    assert first_clause(version).target == 6.0
    assert [one["row"] for one in run.plan["not_applied"]] == [2]


@pytest.mark.parametrize(("who", "status"), [("lin_mei", 200), ("zhao_lei", 403), ("ivy_stone", 403)])
def test_b075_who_brings_clauses(world: World, who: str, status: int) -> None:
    browser = world.client(getattr(world, who))
    assert browser.get("/data/imports/template/clauses/csv/").status_code == status
    assert not ImportRun.objects.exists()


def test_b083_markup_and_formulas_in_clauses_stay_text(world: World) -> None:
    version = drafted(world)
    hostile = ['=HYPERLINK("http://x")', "<script>alert(1)</script>", "'; DROP TABLE--", '#read("/etc/passwd")']
    entered("clauses", table([row(version, text) for text in hostile]))
    rows = [dict(one) for one in CLAUSES.rows(SYSTEM, NOON)]
    assert [one["characteristic_en"] for one in rows[2:]] == hostile
    answer = world.client(world.zhao_lei).get(f"/agreements/versions/{version.public_id}/clauses.csv")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "'=HYPERLINK" in text
    assert counts(checked("clauses", text.lstrip("\ufeff"))) == (0, 0, 6, 0)


def test_clauses_that_it_changed_say_again_what_they_said_once_it_is_withdrawn(world: World) -> None:
    version = changes.begin_agreement(
        by=world.actor(world.zhao_lei), at=NOON, link=world.laundry_ward, clauses=[LINEN, ORDER], example=True
    )
    before = [(one.terms, one.example) for one in version.clauses.order_by("position")]
    run = entered("clauses", table([
        row(version, "Clean linen is on the ward", target="12", source_note="Round list"), row(version, "New"),
    ]))  # fmt: skip
    assert first_clause(version).target == 12.0
    run = withdraw_import(by=SYSTEM, at=timezone.now(), run=run, reason="wrong table")
    held = version.clauses.filter(dropped=False).order_by("position")
    assert [(one.terms, one.example) for one in held] == before
    assert (run.state, run.plan["given_back"]) == ("withdrawn", 1)
    assert verify().holds


def test_what_was_changed_since_is_named_and_nothing_is_withdrawn(world: World) -> None:
    version, by = drafted(world), world.actor(world.zhao_lei)
    run = entered("clauses", table([row(version, "Clean linen is on the ward", target="12"), row(version, "New")]))
    changes.change_clause(by=by, at=NOON, clause=first_clause(version), terms=terms(LINEN, target=6.0))
    with pytest.raises(Refused, match="Clean linen is on the ward"):
        withdraw_import(by=SYSTEM, at=timezone.now(), run=run, reason="wrong table")
    assert (first_clause(version).target, version.clauses.filter(dropped=False).count()) == (6.0, 3)
    changes.change_clause(by=by, at=NOON, clause=first_clause(version), terms=terms(LINEN, target=12.0))
    withdraw_import(by=SYSTEM, at=timezone.now(), run=run, reason="wrong table")
    assert first_clause(version).target == 24.0


def test_what_came_too_late_to_be_applied_is_not_given_back(world: World) -> None:
    version, by = drafted(world), world.actor(world.zhao_lei)
    run = checked("clauses", table([row(version, "Clean linen is on the ward", target="12"), row(version, "New")]))
    changes.change_clause(by=by, at=NOON, clause=first_clause(version), terms=terms(LINEN, target=6.0))
    run = enter_now(by=SYSTEM, at=timezone.now(), run=enter_import(by=SYSTEM, at=timezone.now(), run=run))
    withdraw_import(by=SYSTEM, at=timezone.now(), run=run, reason="wrong table")
    assert first_clause(version).target == 6.0


def test_many_get_their_former_values_back_from_a_worker(world: World) -> None:
    many = [terms(LINEN, characteristic={"en": f"Promise {n}"}) for n in range(52)]
    version = drafted(world, *many)
    run = entered("clauses", table([row(version, f"Promise {n}", target="12") for n in range(52)]))
    run = withdraw_import(by=SYSTEM, at=timezone.now(), run=run, reason="wrong table")
    assert first_clause(version).target == 12.0
    changes.change_clause(
        by=world.actor(world.zhao_lei), at=NOON, clause=first_clause(version), terms=terms(many[0], target=6.0)
    )
    run = give_back_import(by=SYSTEM, at=timezone.now(), run=run)
    assert [one.target for one in version.clauses.order_by("position")] == [6.0, *[24.0] * 51]
    assert (run.plan["given_back"], [one["row"] for one in run.plan["not_given_back"]]) == (52, [2])
    page = world.client(world.lin_mei).get(f"/data/imports/{run.public_id}/").content.decode()
    assert "Row 2:" in page


def test_a_calendar_that_ended_is_no_mistake_where_the_clause_has_it(world: World) -> None:
    hours, night = (
        calendars.add_calendar(by=SYSTEM, at=NOON, name={"en": name}, zone="UTC", hours={"mon": [["08:00", "16:00"]]})
        for name in ("Office", "Night")
    )
    version = drafted(world, terms(LINEN, calendar=night.public_id))
    WorkCalendar.objects.filter(pk=night.pk).update(ended_at=NOON)
    rows = [dict(one) for one in CLAUSES.rows(SYSTEM, NOON)]
    assert (rows[0]["calendar"], hours.is_default) == ("Night", True)
    assert counts(checked("clauses", table(rows))) == (0, 0, 1, 0)
    assert counts(checked("clauses", table([row(version, "New", calendar="Night")]))) == (0, 0, 0, 1)
