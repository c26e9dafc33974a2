"""B075 to B087 at the doors of the agreements: pages, forms, API, task links, scans. B083 to B085 of files that are no
scans: test_paper; B088, B089: test_signing; B090: test_documents."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from baton.agreements import changes
from baton.agreements.models import Agreement, AgreementVersion, Clause
from baton.agreements.rules import VersionState
from baton.core.logs import JsonFormatter
from baton.core.models import Attachment, Signature
from tests.api import Program, said, token_for
from tests.rooms.agreements.made import LINEN, drafted, first_clause
from tests.rooms.agreements.offering import drafted_offer
from tests.rooms.agreements.test_paper import register, scan_of
from tests.rooms.agreements.test_signing import bought
from tests.world import NOON, World

LISTS = ("/agreements/", "/agreements/offers/", "/agreements/houses/", "/agreements/certificates/", "/agreements/owed/")
CLAUSE = {
    "characteristic_en": "Linen is folded", "clause_kind": "outcome", "measure": "share", "direction": "at_least",
    "target": "98", "source": "handoffs", "measured_by": "supplier", "sampling": "all",
}  # fmt: skip


@pytest.fixture
def laundry(world: World) -> Program:
    return Program(token_for(world.zhao_lei, "agreements:read", "agreements:write"))


def test_b075_ids_of_others_are_found_at_no_door(world: World, laundry: Program) -> None:
    """The head of Stores sees neither the Laundry's agreement nor its draft offer; a hidden id is told from a missing
    one nowhere."""
    version, offer = drafted(world), drafted_offer(world)
    clause, missing = first_clause(version), "2" * 16
    browser, stranger = world.client(world.ivy_stone), Program(token_for(world.ivy_stone))
    pages = (
        ("GET", "/agreements/{}/", version.agreement.public_id), ("GET", "/agreements/{}/compare/", version.public_id),
        ("GET", "/agreements/versions/{}/pdf/", version.public_id), ("GET", "/agreements/offers/{}/", offer.public_id),
        ("GET", "/agreements/versions/{}/clauses.csv", version.public_id),
        ("GET", "/agreements/offers/versions/{}/pdf/", offer.public_id),
        ("POST", "/agreements/clauses/{}/drop/", clause.public_id),
        ("POST", "/agreements/versions/{}/propose/", version.public_id),
        ("POST", "/agreements/versions/{}/paper/supplier/", version.public_id),
    )  # fmt: skip
    for method, address, hidden in pages:
        answers = [browser.generic(method, address.format(one)).status_code for one in (hidden, missing)]
        assert answers == [404, 404], address
    calls = (
        ("/agreements/{}", version.agreement.public_id), ("/agreement-versions/{}", version.public_id),
        ("/agreement-versions/{}/pdf", version.public_id), ("/clauses/{}", clause.public_id),
    )  # fmt: skip
    for path, hidden in calls:
        told = [said(stranger.get(path.format(one))) for one in (hidden, missing)]
        assert {one["status"] for one in told} <= {403, 404}
        assert len({one["title"] for one in told}) == 1, path
    answer = browser.get("/search/", {"q": version.agreement.number})
    assert version.agreement.public_id not in answer.content.decode()
    begun = laundry.post("/agreements", {"link": world.linenco_stores.public_id})
    assert begun.status_code in {403, 422}, "in the body: a link of others"
    assert not Agreement.objects.filter(link=world.linenco_stores).exists()


@pytest.mark.sqlite
@pytest.mark.parametrize("extra", [
    {"state": "active"}, {"accepted_by": "me"}, {"is_staff": True}, {"activated_at": "2026-01-01T00:00:00Z"},
    {"minimum_participation": 0}, {"example": True}, {"line": "0123456789abcdef"}, {"owed_by": "customer"},
])  # fmt: skip
def test_b076_nothing_is_sent_beside_what_is_asked(world: World, laundry: Program, extra: dict[str, Any]) -> None:
    version = drafted(world)
    body = {"characteristic": {"en": "Folded"}, "version": first_clause(version).changed_seq, **extra}
    answer = laundry.patch(f"/clauses/{first_clause(version).public_id}", body)
    assert answer.status_code in {400, 422}, extra
    form = {**CLAUSE, **{name: str(value) for name, value in extra.items()}}
    added = world.client(world.zhao_lei).post(f"/agreements/versions/{version.public_id}/clauses/add/", form)
    assert added.status_code == 302
    clause = Clause.objects.filter(agreement_version=version).order_by("-pk")[0]
    version.refresh_from_db()
    assert (version.state, version.activated_at, clause.example, clause.owed_by) == ("draft", None, False, "supplier")
    assert clause.line != "0123456789abcdef"


@pytest.mark.parametrize("asked", [
    "order=password", "order=-link__supplier__search_text", "order=number%3BDROP", "state=OR+1=1", "party=%27%22%00",
    "search=%25%25%25&party=../../etc", "filter%5Blink__x%5D=1", "page=-1", "page=1000000000", "page=1e9", "page=NaN",
    "size=1000000000&limit=-1", "version=-1", "before=99999999999999999999&after=x",
])  # fmt: skip
def test_b077_b078_odd_questions_to_every_list(world: World, asked: str) -> None:
    drafted(world)
    browser = world.client(world.lin_mei)
    # Of a party that is none there is nothing to say.
    answers = {address: browser.get(f"{address}?{asked}").status_code for address in LISTS}
    assert answers.pop("/agreements/owed/") in {200, 404}
    assert set(answers.values()) == {200}


def test_b077_b078_programs_are_told_what_may_be_asked(world: World, laundry: Program) -> None:
    for asked in ("order=password", "limit=-1", "limit=1000000000", "cursor=x", "filter[link__x]=1", "state=gone"):
        for path in ("/agreements", "/certificates", "/guarantees"):
            assert laundry.get(f"{path}?{asked}").status_code in {400, 422}, (path, asked)


def test_b079_a_key_that_comes_again_makes_nothing_twice_and_takes_no_other_body(
    world: World, laundry: Program
) -> None:
    body = {"link": world.laundry_ward.public_id, "clauses": []}
    first, again = (laundry.call("POST", "/agreements", body, key="k" * 16) for _time in range(2))
    assert (first.status_code, again.status_code, again["Idempotent-Replayed"]) == (201, 201, "true")
    assert said(first)["id"] == said(again)["id"]
    other = laundry.call("POST", "/agreements", {**body, "link": world.ward_laundry.public_id}, key="k" * 16)
    assert other.status_code == 422
    assert laundry.call("POST", "/agreements", body, key=None).status_code == 428
    assert Agreement.objects.count() == 1


def test_b080_who_saves_over_what_he_has_not_seen_is_refused_at_every_door(world: World, laundry: Program) -> None:
    version, by = drafted(world), world.actor(world.zhao_lei)
    clause = first_clause(version)
    seen = clause.changed_seq
    changes.change_clause(by=by, at=NOON, clause=clause, terms=LINEN.__class__(**{**_values(LINEN), "target": 6.0}))
    body = {"characteristic": {"en": "Mine"}, "version": seen}
    answer = laundry.patch(f"/clauses/{clause.public_id}", body)
    assert answer.status_code == 409
    stale = laundry.post(f"/agreement-versions/{version.public_id}/step", {"step": "propose", "version": seen})
    assert stale.status_code == 409
    form = {**CLAUSE, "version": str(seen), "reason": ""}
    typed = world.client(world.zhao_lei).post(f"/agreements/clauses/{clause.public_id}/change/", form)
    assert typed.status_code == 409
    assert "Linen is folded" in typed.content.decode()
    assert first_clause(version).target == 6.0


def _values(terms: Any) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in terms.__dataclass_fields__}


@pytest.mark.sqlite
def test_b081_no_step_is_taken_by_another_method(world: World, laundry: Program) -> None:
    version = drafted(world)
    browser = world.client(world.zhao_lei)
    posted = (
        f"/agreements/begin/{world.laundry_ward.public_id}/",
        f"/agreements/clauses/{first_clause(version).public_id}/move/",
    )
    for address in posted:
        for method in ("GET", "HEAD", "PUT", "DELETE", "TRACE"):
            assert browser.generic(method, address).status_code == 405, (method, address)
    read = (f"/agreements/versions/{version.public_id}/pdf/", f"/agreements/versions/{version.public_id}/clauses.csv")
    for address in read:
        for method in ("POST", "PUT", "DELETE"):
            assert browser.generic(method, address).status_code == 405, (method, address)
    step = f"/agreements/versions/{version.public_id}/propose/"
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"):
        assert browser.generic(method, step, headers={"X-HTTP-Method-Override": "POST"}).status_code < 500
    for method in ("DELETE", "PUT"):
        assert laundry.call(method, f"/agreement-versions/{version.public_id}", {}).status_code == 405
    version.refresh_from_db()
    assert version.state == VersionState.DRAFT


def test_b082_other_types_too_many_fields_and_a_hundred_and_one_files(
    world: World, laundry: Program, settings: Any
) -> None:
    version = bought(world)
    browser = world.client(world.zhao_lei)
    add = f"/agreements/versions/{drafted(world).public_id}/clauses/add/"
    assert browser.post(add, json.dumps(CLAUSE), content_type="application/json").status_code < 500
    assert (
        browser.post(
            add, {**CLAUSE, **{f"x{n}": "1" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}}
        ).status_code
        == 400
    )
    paper = f"/agreements/versions/{version.public_id}/paper/supplier/"
    files = {f"scan{n}": SimpleUploadedFile("a.png", b"x") for n in range(101)}
    assert browser.post(paper, {"name": "Ana", **files}).status_code == 400
    typed = laundry.call("POST", "/agreements", raw=b"link=x", Content_Type="application/x-www-form-urlencoded")
    assert typed.status_code == 415
    assert not Signature.objects.exists()
    assert not Attachment.objects.exists()
    assert not Clause.objects.filter(characteristic__en="Linen is folded").exists()


def test_b083_the_odd_name_of_a_scan_is_kept_as_text_without_what_cannot_be_seen(world: World) -> None:
    name = "../../\u202eCON\r\nX-Evil: 1 <img src=x onerror=alert(1)>" + "n" * 300 + ".pdf"
    version = bought(world)
    scan = scan_of(version)
    # Django refuses some names itself; the upload is made as a browser sends it, which does not.
    scan._name = name
    assert register(world, version, scan).status_code == 302
    kept = Attachment.objects.get()
    assert not set(kept.file_name) & set("\r\n/\\\u202e")
    assert 0 < len(kept.file_name) <= 255
    answer = world.client(world.zhao_lei).get(f"/attachments/{kept.public_id}/")
    assert "X-Evil" not in answer.headers
    assert answer["Content-Disposition"].startswith("attachment")
    page = world.client(world.zhao_lei).get(f"/agreements/{version.agreement.public_id}/").content.decode()
    assert "<img src=x" not in page


@pytest.mark.sqlite
def test_b086_a_monstrous_language_is_read_as_none(world: World) -> None:
    version = drafted(world)
    address = f"/agreements/{version.agreement.public_id}/"
    long = ",".join(f"x{n}-{'a' * 40};q=0.{n % 10}" for n in range(250))
    answer = world.client(world.zhao_lei).get(address, headers={"Accept-Language": long})
    assert (answer.status_code, len(long) > 10_000) == (200, True)
    pdf = f"/agreements/versions/{version.public_id}/pdf/"
    answer = world.client(world.zhao_lei).get(pdf, {"language": "zh-hans\r\nX: 1" + "x" * 9_000})
    assert (answer.status_code, "X" in answer.headers) == (200, False)


def test_b087_nothing_that_is_asked_forges_a_line_of_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        Client().get("/task/x%0d%0aforged%1b[31m/")
        world.client(world.zhao_lei).get("/agreements/?search=%0d%0aforged%1b[31m")
    lines = [JsonFormatter().format(record) for record in caplog.records]
    assert lines
    assert not any(sign in line for line in lines for sign in "\r\n\x1b")


def test_task_links_take_no_odd_tokens_and_codes(world: World) -> None:
    stranger = Client()
    for token in ("x", "../admin", "%00", "a" * 2_000, "<script>", "\u4e2d"):
        assert stranger.get(f"/task/{token}/").status_code in {400, 404, 410, 414}, token
        assert stranger.post(f"/task/{token}/", {"code": "' OR 1=1"}).status_code in {400, 404, 410, 414, 429}, token
    assert not AgreementVersion.objects.exists()
