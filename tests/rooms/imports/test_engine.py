"""Tables become records: checked whole, entered whole, withdrawn whole, and the same table twice changes nothing."""

from __future__ import annotations

import pytest
from django.utils import timezone

from baton.chain.changes import add_party, appoint
from baton.chain.models import Link, Membership, Output, Party
from baton.chain.rules import PartyKind
from baton.core.audit.verify import verify
from baton.core.changes.imports import enter_import, withdraw_import
from baton.core.errors import Refused
from baton.core.models import ExternalKey, Person
from baton.core.queries import person_named
from tests.rooms.imports.tables import SYSTEM, checked, counts, entered, said

ORGANISATION = (
    "Code\tName (English)\tName (Chinese)\tKind\tStands under\tFrom\n"
    "W3\tWard 3\t三病区\tDepartment\tNUR\t2026-01-05\n"
    "NUR\tNursing\t护理部\t部门\t\t2026-01-05\n"
    "NS\tNight shift\t夜班\t班次\tWard 3\t2026-01-05\n"
    "LAU\tLaundry\t洗衣房\tdepartment\t\t2026-01-05\n"
)
PEOPLE = (
    "工号\tName (English)\t姓名\t邮箱\t手机\t部门\t职务\n"
    "10023\tChen Jie\t陈洁\tchen@example.org\t+86 138 0013 8000\tW3\t负责人\n"
    "10024\tSun Lei\t孙磊\t\t\tW3\t\n"
    "10024\tSun Lei\t孙磊\t\t\tLAU\tmember\n"
)
LINKS = (
    "Supplier\tCustomer\tOutput\tStage\tSpend\tImpact\n"
    "LAU\tW3\tClean linen\tback\t2\t5\n"
    "Ward 3\tLAU\tUsed linen\t\t\t\n"
)


@pytest.mark.django_db
def test_an_organisation_with_its_tree_people_and_links() -> None:
    run = entered("organisation", ORGANISATION)
    assert (run.state, counts(run)) == ("entered", (4, 0, 0, 0))
    night = Party.objects.get(code="NS")
    assert [night.parent.code, night.parent.parent.code] == ["W3", "NUR"]
    assert night.path == f"{night.parent.parent.public_id}/{night.parent.public_id}/{night.public_id}/"
    run = entered("people", PEOPLE)
    assert counts(run) == (3, 0, 0, 0)
    jie = Person.objects.get(sign_in_name="10023")
    assert (jie.phone, jie.has_usable_password()) == ("+8613800138000", False)
    assert set(Membership.objects.values_list("person__sign_in_name", "party__code", "capacity")) == {
        ("10023", "W3", "head"), ("10024", "W3", "member"), ("10024", "LAU", "member"),
    }  # fmt: skip
    run = entered("links", LINKS)
    assert counts(run) == (2, 0, 0, 0)
    linen = Link.objects.get(output__name__en="Clean linen")
    assert (linen.stage, linen.spend, linen.irreplaceability, linen.impact) == ("back", 2, None, 5)
    assert verify().holds

    for target, table in (("organisation", ORGANISATION), ("people", PEOPLE), ("links", LINKS)):  # B023
        again = checked(target, table)
        assert counts(again) == (0, 0, again.rows, 0), (target, said(again))
        with pytest.raises(Refused, match="what is there already"):
            enter_import(by=SYSTEM, at=timezone.now(), run=again)


@pytest.mark.django_db
def test_bulk_is_single() -> None:
    entered("organisation", ORGANISATION)
    at = timezone.now()
    alone = add_party(
        by=SYSTEM, at=at, party_kind=PartyKind.SHIFT, name={"en": "Night shift", "zh-hans": "夜班"}, code="NT",
        parent=Party.objects.get(code="W3"), began_on=Party.objects.get(code="NS").began_on,
    )  # fmt: skip
    bulk = Party.objects.get(code="NS")
    own = {"id", "public_id", "number", "search_text", "path", "code", "recorded_at", "changed_seq", "batch"}
    for column in Party._meta.concrete_fields:
        if column.name not in own:
            assert getattr(bulk, column.attname) == getattr(alone, column.attname), column.name
    assert bulk.search_text.replace("ns", "nt", 1).split("\n")[1:] == alone.search_text.split("\n")[1:]


@pytest.mark.django_db
def test_staged_people_are_nobody_until_all_count() -> None:
    from baton.core.changes.bulk import begin_batch, stage_batch
    from baton.core.changes.bulk_people import person_line
    from baton.core.ids import new_public_id

    line = person_line(
        public_id=new_public_id(), sign_in_name="new", name={"en": "New"}, email="new@example.org", phone="",
        language="en", time_zone="UTC",
    )  # fmt: skip
    at = timezone.now()
    batch = stage_batch(by=SYSTEM, at=at, batch=begin_batch(by=SYSTEM, at=at, target="people", title="x", lines=[line]))
    assert batch.records == 1
    assert Person.everything.filter(sign_in_name="new").exists()
    assert not Person.objects.filter(sign_in_name="new").exists()
    assert person_named("new") is None
    assert person_named("new@example.org") is None


@pytest.mark.django_db
def test_mistakes_are_told_by_row_and_column_and_nothing_is_entered() -> None:
    table = (
        "Code,Name (English),Kind,Stands under,From\n"
        "A,Alpha,Department,B,\n"
        "B,Beta,Department,C,\n"
        "C,Gamma,Department,A,\n"
        "D,Delta,Kitchen,,\n"
        "E,,Department,,\n"
        "F,Phi,Department,nowhere,\n"
        "G,Psi,Department,F,31/02/2026\n"
        "H,<img onerror=alert(1)>,Department,,\n"
        "H,Eta,Department,,\n"
    )
    run = checked("organisation", table.encode())
    assert counts(run) == (1, 0, 0, 8)
    told = {(row, column) for row, column, _text in said(run)}
    assert {(2, "Stands under"), (3, "Stands under"), (4, "Stands under"), (5, "Kind"), (6, "Name (English)")} <= told
    assert {(7, "Stands under"), (8, "From"), (10, "Code")} <= told
    cycle = next(text for row, _column, text in said(run) if row == 2)
    assert "2 → 3 → 4 → 2" in cycle
    with pytest.raises(Refused, match="Refused rows: 8"):
        enter_import(by=SYSTEM, at=timezone.now(), run=run)
    assert not Party.everything.exists()
    run = entered("organisation", table.encode(), leave_out=True)
    assert run.leave_out
    assert [party.code for party in Party.objects.all()] == ["H"]


@pytest.mark.django_db
def test_what_differs_is_changed_and_the_rest_left() -> None:
    entered("organisation", ORGANISATION)
    entered("people", PEOPLE)
    moved = ORGANISATION.replace("Ward 3\t三病区\tDepartment\tNUR", "Ward Three\t三病区\tDepartment\tLAU")
    run = entered("organisation", moved.replace("班次\tWard 3", "班次\tW3"))
    assert counts(run) == (0, 1, 3, 0)
    ward, night = Party.objects.get(code="W3"), Party.objects.get(code="NS")
    assert (ward.name["en"], ward.parent.code) == ("Ward Three", "LAU")
    assert night.path.startswith(ward.path)
    run = entered("people", PEOPLE.replace("Sun Lei", "Sun Lei-Li").replace("LAU\tmember", "NUR\tmember"))
    assert counts(run) == (1, 1, 1, 0)
    assert Person.objects.get(sign_in_name="10024").name["en"] == "Sun Lei-Li"


@pytest.mark.django_db
def test_keys_of_another_system_know_rows_again() -> None:
    table = "key\tCode\tName (English)\tKind\tparent\n7\tA\tAlpha\tdepartment\t\n8\tB\tBeta\tteam\t7\n"
    run = entered("organisation", table, system="HR")
    assert counts(run) == (2, 0, 0, 0)
    assert set(ExternalKey.objects.values_list("system", "key")) == {("HR", "7"), ("HR", "8")}
    again = entered("organisation", table.replace("B\tBeta", "B2\tBeta two"), system="hr")
    assert counts(again) == (0, 1, 1, 0)
    assert Party.objects.get(code="B2").name["en"] == "Beta two"
    assert Party.objects.count() == 2


@pytest.mark.django_db
def test_an_import_is_withdrawn_as_a_whole() -> None:
    organisation = entered("organisation", ORGANISATION)
    people = entered("people", PEOPLE)
    at = timezone.now()
    with pytest.raises(Refused, match="nothing else stands on"):
        withdraw_import(by=SYSTEM, at=at, run=organisation, reason="wrong file")
    assert Party.objects.count() == 4
    withdraw_import(by=SYSTEM, at=at, run=people, reason="wrong file")
    assert not Membership.objects.exists()
    assert person_named("10023") is None
    done = withdraw_import(by=SYSTEM, at=at, run=organisation, reason="wrong file")
    assert done.state == "withdrawn"
    assert not Party.objects.exists()
    assert entered("organisation", ORGANISATION).rows_new == 4
    assert entered("people", PEOPLE).rows_new == 3


@pytest.mark.django_db
def test_a_head_from_outside_is_refused() -> None:
    table = "Code\tName (English)\tKind\nOUT\tLinenCo\toutside supplier\nIN\tWard\tdepartment\n"
    entered("organisation", table)
    run = checked("people", "Sign-in name\tName (English)\tParty\tCapacity\nx\tXu\tOUT\tmember\nx\tXu\tIN\thead\n")
    assert [(row, column) for row, column, _text in said(run)] == [(3, "Capacity")]
    entered("people", "Sign-in name\tName (English)\tParty\nx\tXu\tOUT\n")
    from baton.chain.rules import Capacity

    with pytest.raises(Refused, match="guest from outside"):
        appoint(
            by=SYSTEM, at=timezone.now(), party=Party.objects.get(code="IN"),
            person=Person.objects.get(sign_in_name="x"), capacity=Capacity.HEAD,
        )  # fmt: skip


@pytest.mark.django_db
def test_outputs_are_known_by_code_or_name() -> None:
    table = "Item code\tName (English)\tKind of output\nLIN\tClean linen\tservice\n\tResults\tinformation\n"
    assert counts(entered("outputs", table)) == (2, 0, 0, 0)
    assert counts(checked("outputs", table)) == (0, 0, 2, 0)
    run = entered("outputs", table.replace("Clean linen", "Fresh linen"))
    assert counts(run) == (0, 1, 1, 0)
    assert Output.objects.get(item_code="LIN").name["en"] == "Fresh linen"


@pytest.mark.django_db
def test_partner_type_and_confidentiality_of_parties_outside() -> None:
    table = (
        "Code\tName (English)\tKind\tPartner type\tConfidentiality\n"
        "RIV\tRival Ltd\toutside supplier\tFormer competitor\t保密\n"
        "BUY\tBuyers\tconsumers\t\t\n"
        "IN\tWard\tdepartment\t\topen\n"
    )
    entered("organisation", table)
    rival = Party.objects.get(code="RIV")
    assert (rival.partner, rival.confidentiality) == ("former_competitor", "confidential")
    assert counts(checked("organisation", table)) == (0, 0, 3, 0)
    run = entered("organisation", table.replace("Former competitor", "Partner"))
    assert counts(run) == (0, 1, 2, 0)
    rival.refresh_from_db()
    assert (rival.partner, rival.confidentiality) == ("partner", "confidential")
    run = checked("organisation", table.replace("department\t\topen", "department\tpartner\tconfidential"))
    assert [(row, column) for row, column, _text in said(run)] == [(4, "Partner type")]


@pytest.mark.django_db
def test_all_mistakes_of_a_row_are_told_at_once_and_nothing_stands_on_it() -> None:
    entered("organisation", ORGANISATION)
    table = (
        "Supplier\tCustomer\tOutput\tSpend\tSingle source\tContinuity plan\n"
        f"LAU\tnowhere\tTowels\t9\tchosen\t{'x' * 501}\n"
        "LAU\tW3\tTowels\tmany\t\t\n"
        "LAU\tNS\tTowels\t2\t\t\n"
    )
    wrong = [(row, column) for row, column, _text in said(checked("links", table))]
    assert wrong == [(2, "Spend"), (2, "Continuity plan"), (2, "Customer"), (3, "Spend")]
    run = entered("links", table, leave_out=True)
    assert counts(run) == (1, 0, 0, 2)
    assert Link.objects.get(customer__code="NS").output.name["en"] == "Towels"
