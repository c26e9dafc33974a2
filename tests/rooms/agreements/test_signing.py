"""Both sides sign a version: who may, what it is bound to, what voids it. One test for each clause of 21 CFR 11."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connections

from baton.agreements import changes, queries
from baton.agreements.models import Acceptance
from baton.agreements.rules import Side, VersionState
from baton.chain.changes import appoint, end_membership, rename_party
from baton.chain.models import Membership
from baton.chain.rules import Capacity, Scope
from baton.core.actors import Actor
from baton.core.audit.verify import verify
from baton.core.changes import edit_person
from baton.core.errors import Forbidden, Refused, VersionChanged
from baton.core.models import AuditEntry, Notification, Signature
from baton.core.queries import Fate
from baton.core.signatures import Proof
from tests.query_counts import queries_a_page
from tests.rooms.agreements.made import BARE, LINEN, ORDER, drafted, first_clause, proposed, terms
from tests.rooms.agreements.signed import (
    LATER,
    PASSWORD,
    both,
    bought,
    digest_of,
    fates,
    page_digest,
    sign,
    with_password,
)
from tests.world import NOON, SYSTEM, World


def test_when_both_sides_have_signed_it_is_in_force(world: World) -> None:
    version = proposed(world)
    sign(world, version, world.zhao_lei, Side.SUPPLIER)
    version.refresh_from_db()
    assert version.state == VersionState.PROPOSED
    told = set(Notification.objects.filter(topic="agreements.signed").values_list("person__public_id", flat=True))
    assert told == {world.wang_fang.public_id, world.zhou_min.public_id}
    accepted = sign(world, version, world.wang_fang, Side.CUSTOMER)
    version.refresh_from_db()
    assert version.state == VersionState.ACTIVE
    assert accepted.signature.capacity == {"en": "Head of Ward 3", "zh-hans": accepted.signature.capacity["zh-hans"]}
    assert fates(version) == [Fate.HOLDS, Fate.HOLDS]
    assert verify().holds


def test_it_waits_for_its_first_day(world: World) -> None:
    version = drafted(world)
    by = world.actor(world.zhao_lei)
    changes.describe_version(by=by, at=NOON, version=version, starts_on=date(2026, 7, 1))
    version = both(world, changes.propose_version(by=by, at=NOON, version=version))
    assert version.state == VersionState.ACCEPTED
    changes.keep_terms(by=SYSTEM, at=NOON + timedelta(days=40))
    version.refresh_from_db()
    assert version.state == VersionState.ACTIVE
    assert fates(version) == [Fate.HOLDS, Fate.HOLDS]


def test_part_11_10_e_every_signature_has_an_entry_that_obscures_nothing(world: World) -> None:
    version = proposed(world)
    given = sign(world, version, world.zhao_lei, Side.SUPPLIER).signature
    entry = AuditEntry.objects.get(seq=given.changed_seq)
    said = json.loads(entry.body)
    assert (entry.action, entry.actor, entry.at) == ("signature.given", world.zhao_lei.public_id, NOON)
    assert said["changed"]["digest"] == [None, digest_of(version)]
    assert len(said["detail"]["seal"]) == 64


def test_part_11_10_f_steps_are_taken_in_their_order(world: World) -> None:
    """Neither a draft, nor a version that is being changed, nor one that is over can be signed."""
    version, by = drafted(world), world.actor(world.zhao_lei)
    for step in (None, changes.propose_version, changes.open_consultation, changes.withdraw_version):
        if step is not None:
            version = step(by=by, at=NOON, version=version)  # type: ignore[operator]
        if step is changes.propose_version:
            continue
        with pytest.raises(Refused, match="signed while it is proposed"):
            sign(world, version, world.zhao_lei, Side.SUPPLIER)
    assert not Signature.objects.exists()


@pytest.mark.sqlite
@pytest.mark.parametrize("who", ["lin_mei", "sun_yan", "he_jun", "wu_tao", "gao_ming", "chen_jie", "wang_fang"])
def test_part_11_10_g_only_who_leads_the_side_signs_for_it(world: World, who: str) -> None:
    """Not the quality manager, not an administrator, not a member, not the head of the other side (B089)."""
    version = proposed(world)
    with pytest.raises(Forbidden):
        sign(world, version, getattr(world, who), Side.SUPPLIER)
    assert not Acceptance.objects.exists()


def test_b089_nobody_signs_for_both_sides_not_even_who_leads_both(world: World) -> None:
    appoint(by=SYSTEM, at=NOON, party=world.ward, person=world.zhao_lei, capacity=Capacity.DEPUTY, scope=Scope.LINKS,
            ended_on=date(2026, 12, 31))  # fmt: skip
    version = proposed(world)
    sign(world, version, world.zhao_lei, Side.SUPPLIER)
    with pytest.raises(Forbidden, match="both sides"):
        sign(world, version, world.zhao_lei, Side.CUSTOMER)
    version.refresh_from_db()
    assert version.state == VersionState.PROPOSED


def test_b089_a_deputy_signs_within_his_days_and_not_after_the_role_was_taken(world: World) -> None:
    version, zhou = proposed(world), world.zhou_min
    with pytest.raises(Forbidden):
        sign(world, version, zhou, Side.CUSTOMER, at=datetime(2100, 1, 2, tzinfo=UTC))
    given = sign(world, version, zhou, Side.CUSTOMER).signature
    assert given.capacity["en"] == "Deputy of the head of Ward 3"


def test_b089_a_lost_role_signs_nothing_also_between_reading_and_signing(world: World) -> None:
    version, browser = proposed(world), with_password(world.zhou_min)
    address = f"/agreements/versions/{version.public_id}/sign/customer/"
    given = {"digest": page_digest(browser.get(address)), "sign_in_name": "zhou.min", "password": PASSWORD}
    held = Membership.objects.get(person=world.zhou_min, party=world.ward)
    end_membership(by=SYSTEM, at=NOON, membership=held, ended_on=NOON.date())
    assert browser.post(address, given).status_code in {403, 404}
    assert not Signature.objects.exists()


def test_b089_a_deputy_for_other_links_signs_none(world: World) -> None:
    version, zhou = proposed(world), world.zhou_min
    end_membership(
        by=SYSTEM, at=NOON, membership=Membership.objects.get(person=zhou, party=world.ward), ended_on=NOON.date()
    )
    appoint(by=SYSTEM, at=NOON, party=world.ward, person=zhou, capacity=Capacity.DEPUTY, scope=Scope.LINKS,
            scope_side="supplier", ended_on=date(2026, 12, 31))  # fmt: skip
    with pytest.raises(Forbidden):
        sign(world, version, zhou, Side.CUSTOMER)


def test_part_11_50_name_time_and_meaning_stand_on_the_page_and_in_the_export(world: World) -> None:
    edit_person(by=SYSTEM, at=NOON, person=world.zhao_lei, time_zone="Asia/Shanghai")
    world.zhao_lei.refresh_from_db()
    version = both(world, proposed(world))
    browser = world.client(world.lin_mei)
    page = browser.get(f"/agreements/{version.agreement.public_id}/").content.decode()
    for said in ("Zhao Lei", "Head of Laundry", "Acceptance", "2026-06-01 12:00:00", "2026-06-01 20:00:00 +08:00",
                 "Wang Fang", "Signed with password or code", "holds"):  # fmt: skip
        assert said in page, said
    paper = browser.get(f"/agreements/versions/{version.public_id}/print/").content.decode()
    for said in ("Zhao Lei", "2026-06-01 12:00:00", "Acceptance", "Wang Fang"):
        assert said in paper, said
    table = b"".join(browser.get("/agreements/export.csv")).decode()
    for said in ("Zhao Lei", "2026-06-01 12:00:00", "Wang Fang", "Acceptance"):
        assert said in table, said


def test_part_11_70_a_change_after_signing_voids_the_signature_visibly_and_the_side_signs_again(world: World) -> None:
    version, customer = proposed(world), world.actor(world.wang_fang)
    sign(world, version, world.zhao_lei, Side.SUPPLIER)
    changes.open_consultation(by=customer, at=NOON, version=version)
    changes.change_clause(by=customer, at=NOON, clause=first_clause(version), terms=terms(target=12.0))
    version = changes.close_consultation(by=customer, at=NOON, version=version)
    assert fates(version) == [Fate.CHANGED]
    page = world.client(world.lin_mei).get(f"/agreements/{version.agreement.public_id}/").content.decode()
    assert "void: changed after it was signed" in page
    sign(world, version, world.wang_fang, Side.CUSTOMER, at=LATER)
    version.refresh_from_db()
    assert version.state == VersionState.PROPOSED, "a void signature counts for nobody"
    sign(world, version, world.zhao_lei, Side.SUPPLIER, at=LATER)
    version.refresh_from_db()
    assert version.state == VersionState.ACTIVE
    assert fates(version) == [Fate.CHANGED, Fate.HOLDS, Fate.HOLDS]
    assert Acceptance.objects.count() == 2


def test_part_11_70_what_is_not_in_the_text_voids_nothing(world: World) -> None:
    version = both(world, proposed(world))
    rename_party(by=SYSTEM, at=LATER, party=world.laundry, name={"en": "Linen service"})
    assert fates(version) == [Fate.HOLDS, Fate.HOLDS]


def test_part_11_100_a_signature_is_of_one_person_whose_account_is_never_given_to_another(world: World) -> None:
    version = proposed(world)
    given = sign(world, version, world.zhao_lei, Side.SUPPLIER).signature
    assert (given.person, given.printed_name) == (world.zhao_lei, {"en": "Zhao Lei", "zh-hans": "赵磊"})
    edit_person(by=SYSTEM, at=LATER, person=world.zhao_lei, name={"en": "Somebody Else"})
    given.refresh_from_db()
    assert given.printed_name["en"] == "Zhao Lei"
    assert fates(version) == [Fate.HOLDS]


def test_part_11_200_the_page_asks_for_both_components_and_signs_once_however_often_it_is_sent(world: World) -> None:
    version, browser = proposed(world), with_password(world.zhao_lei)
    address = f"/agreements/versions/{version.public_id}/sign/supplier/"
    page = browser.get(address)
    for said in ("Clean linen is on the ward", "Used linen is sorted", "Zhao Lei", 'name="sign_in_name"'):
        assert said in page.content.decode(), said
    given = {"digest": page_digest(page), "submission": "cd" * 16, "sign_in_name": "zhao.lei"}
    assert browser.post(address, given).status_code == 422
    assert browser.post(address, given | {"password": "something else"}).status_code == 422
    for _time in range(2):
        assert browser.post(address, given | {"password": PASSWORD}).status_code == 302
    assert Acceptance.objects.get().signature.means == ["sign_in_name", "password"]
    assert browser.get(address).status_code == 400, "this side has signed"


def test_part_11_300_wrong_tries_are_noted_at_the_version(world: World) -> None:
    version, browser = proposed(world), with_password(world.zhao_lei)
    address = f"/agreements/versions/{version.public_id}/sign/supplier/"
    given = {"digest": page_digest(browser.get(address)), "sign_in_name": "zhao.lei", "password": "wrong"}
    assert browser.post(address, given).status_code == 422
    noted = AuditEntry.objects.get(action="signature.refused")
    assert (noted.kind, noted.object_id, noted.actor) == (
        "agreement_version", version.public_id, world.zhao_lei.public_id
    )  # fmt: skip
    assert not Acceptance.objects.exists()


def test_b088_a_version_that_changed_under_the_signer_is_not_signed(world: World) -> None:
    version, browser, customer = proposed(world), with_password(world.zhao_lei), world.actor(world.wang_fang)
    address = f"/agreements/versions/{version.public_id}/sign/supplier/"
    read = page_digest(browser.get(address))
    changes.open_consultation(by=customer, at=NOON, version=version)
    changes.change_clause(by=customer, at=NOON, clause=first_clause(version), terms=terms(target=6.0))
    changes.close_consultation(by=customer, at=NOON, version=version)
    answer = browser.post(address, {"digest": read, "sign_in_name": "zhao.lei", "password": PASSWORD})
    assert answer.status_code == 409
    assert "It was changed meanwhile" in answer.content.decode()
    assert "6 business hours" in answer.content.decode()
    assert page_digest(answer) != read
    assert not Signature.objects.exists()


def test_what_lacks_something_is_not_signed(world: World) -> None:
    version = proposed(world, LINEN, ORDER, BARE)
    with pytest.raises(Refused, match="lacks something"):
        sign(world, version, world.zhao_lei, Side.SUPPLIER)


def test_another_digest_signs_nothing(world: World) -> None:
    version = proposed(world)
    with pytest.raises(VersionChanged):
        sign(world, version, world.zhao_lei, Side.SUPPLIER, digest="0" * 64)


def test_part_11_10_d_who_may_not_see_it_finds_nothing_there(world: World) -> None:
    version = proposed(world)
    for side, status in (("supplier", 404), ("nowhere", 404)):
        address = f"/agreements/versions/{version.public_id}/sign/{side}/"
        assert world.client(world.ivy_stone).get(address).status_code == status
    head_of_another = world.client(world.chen_jie).get(f"/agreements/versions/{version.public_id}/sign/supplier/")
    assert head_of_another.status_code == 403


@pytest.mark.sqlite
def test_signatures_add_no_query_a_signature(world: World) -> None:
    version = proposed(world)
    browser = world.client(world.lin_mei)
    address = f"/agreements/{version.agreement.public_id}/"
    sign(world, version, world.zhao_lei, Side.SUPPLIER)
    one = queries_a_page(browser, [address])[address]
    sign(world, version, world.wang_fang, Side.CUSTOMER)
    assert queries_a_page(browser, [address])[address] <= one + 1


@pytest.mark.parametrize("what", ["export", "page"])
def test_void_signatures_are_told_in_every_form(world: World, what: str) -> None:
    version, customer = proposed(world), world.actor(world.wang_fang)
    sign(world, version, world.zhao_lei, Side.SUPPLIER)
    changes.open_consultation(by=customer, at=NOON, version=version)
    changes.change_clause(by=customer, at=NOON, clause=first_clause(version), terms=terms(target=12.0))
    browser = world.client(world.lin_mei)
    ways: dict[str, Callable[[], str]] = {
        "export": lambda: b"".join(browser.get("/agreements/export.csv")).decode(),
        "page": lambda: browser.get(f"/agreements/{version.agreement.public_id}/").content.decode(),
    }
    assert "void: changed after it was signed" in ways[what]()


def test_what_is_signed_is_all_that_holds(world: World) -> None:
    """Each field of a clause that may be changed changes the digest."""
    version, by = drafted(world), world.actor(world.zhao_lei)
    seen = {digest_of(version)}
    clause = first_clause(version)
    for changed in (
        {"target": 20.0}, {"attainment": 90.0}, {"characteristic": {"en": "Linen"}}, {"source_note": "list"},
        {"perception_item": {"en": "Was it there?"}}, {"measured_by": "customer"},
    ):  # fmt: skip
        from baton.agreements.rules import MeasuredBy

        if "measured_by" in changed:
            changed = {"measured_by": MeasuredBy.CUSTOMER}
        clause = changes.change_clause(by=by, at=NOON, clause=clause, terms=terms(**changed))
        seen.add(digest_of(version))
    assert len(seen) == 7
    assert queries.valid_acceptances(viewer=by, versions=[version]) == {}


def test_fifty_accept_at_once_and_each_side_has_exactly_one(committed_db: object) -> None:
    from tests.world import build

    world = build()
    version = proposed(world)
    digest, done = digest_of(version), []

    def accept(number: int) -> None:
        person, side = (world.zhao_lei, Side.SUPPLIER) if number % 2 else (world.wang_fang, Side.CUSTOMER)
        with suppress(Refused):
            done.append(sign(world, version, person, side, digest=digest))
        connections.close_all()

    threads = [threading.Thread(target=accept, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Acceptance.objects.values_list("side", flat=True)) == ["customer", "supplier"]
    assert Signature.objects.count() == len(done) == 2
    version.refresh_from_db()
    assert version.state == VersionState.ACTIVE
    assert verify().holds


def test_part_11_50_programs_read_name_time_and_meaning_and_sign_nothing(world: World) -> None:
    from tests.api import Program, said, token_for

    version = both(world, proposed(world))
    program = Program(token_for(world.zhao_lei))
    given = said(program.get(f"/agreement-versions/{version.public_id}"))["signatures"]
    assert [(one["side"], one["printed_name"]["en"], one["meaning"], one["fate"]) for one in given] == [
        ("supplier", "Zhao Lei", "acceptance", "holds"), ("customer", "Wang Fang", "acceptance", "holds"),
    ]  # fmt: skip
    assert given[0]["signed_at"].startswith("2026-06-01T12:00:00")
    by = Actor(world.zhao_lei, frozenset(), via="token123")
    with pytest.raises(Forbidden):
        changes.accept_version(
            by=by, at=NOON, version=bought(world), side=Side.CUSTOMER, expected_digest="0" * 64,
            proof=Proof(world.zhao_lei.public_id, ("password",), NOON),
        )  # fmt: skip
