"""Pages about points: who sees and does what, everything through forms, nothing of it where it is off."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from baton.handoffs import changes
from baton.handoffs.models import HandoffReturn, LedgerEntry, LinkSettlement, SettlementClaim
from tests.query_counts import queries_a_page
from tests.rooms.api.matrix.people import LINKS_ALL, OF_THE_WARD
from tests.rooms.chain.test_pages import filled
from tests.rooms.handoffs.settled import claimed, earned, post, terms_agreed, terms_proposed
from tests.rooms.handoffs.test_pages import delivered, sent
from tests.trust.test_bad_forms import errors
from tests.world import NOON, PEOPLE, World

if TYPE_CHECKING:
    from baton.handoffs.models import Handoff

SEES_LINK = OF_THE_WARD | {"zhao_lei", "gao_ming", "he_ping"} | LINKS_ALL
SEES_LAUNDRY = {"zhao_lei", "gao_ming"} | LINKS_ALL


def statuses(world: World, address: str) -> dict[str, int]:
    return {name: world.client(getattr(world, name)).get(address).status_code for name in PEOPLE}


def allowed(seen: set[str] | frozenset[str]) -> dict[str, bool]:
    return {name: name in seen for name in PEOPLE}


@pytest.mark.sqlite
def test_who_sees_terms_accounts_and_claims(world: World) -> None:
    terms_agreed(world)
    claim = changes.dispute_claim(by=world.actor(world.gao_ming), at=NOON, claim=claimed(world), answer="Dry")
    root = "/handoffs/settlement/"
    for address, seen in (
        (f"{root}links/{world.laundry_ward.public_id}/", SEES_LINK),
        (f"{root}claims/{claim.public_id}/", SEES_LINK),
        (f"{root}parties/{world.laundry.public_id}/", SEES_LAUNDRY),
        (f"{root}parties/{world.laundry.public_id}/export.csv", SEES_LAUNDRY),
        (f"{root}parties/{world.ward.public_id}/", OF_THE_WARD | LINKS_ALL),
    ):  # fmt: skip
        found = statuses(world, address)
        assert {name: status == 200 for name, status in found.items()} == allowed(seen), address
        assert {status for name, status in found.items() if name not in seen} <= {403, 404}
    for way, may in (("accept", set()), ("dispute", set()), ("rule", {"he_ping"})):
        for name in PEOPLE:
            before = SettlementClaim.objects.get().changed_seq
            values = {"version": str(before), "answer": "Well", "ruling": "5", "note": "Seen", "submission": name}
            if name not in may:
                answer = world.client(getattr(world, name)).post(f"{root}claims/{claim.public_id}/{way}/", values)
                assert answer.status_code in (403, 404, 422), (way, name)
                assert SettlementClaim.objects.get().changed_seq == before


@pytest.mark.sqlite
def test_who_proposes_and_agrees(world: World) -> None:
    made = terms_proposed(world)
    root = "/handoffs/settlement/"
    may_propose = {"zhao_lei", "wang_fang", "zhou_min", "liu_yang", "lin_mei"}
    found = statuses(world, f"{root}links/{world.laundry_ward.public_id}/propose/")
    assert {name: status == 200 for name, status in found.items()} == allowed(may_propose)
    agree = f"{root}terms/{made.public_id}/agree/"
    for name in set(PEOPLE) - {"wang_fang", "zhou_min", "liu_yang", "lin_mei"}:
        answer = world.client(getattr(world, name)).post(agree, {"version": made.changed_seq})
        assert answer.status_code in (403, 404), name
        assert LinkSettlement.objects.get().state == "proposed"
    assert world.client(world.zhou_min).post(agree, {"version": made.changed_seq}).status_code == 302
    assert LinkSettlement.objects.get().state == "agreed"


def test_from_the_proposal_to_the_ruling_through_the_pages(world: World) -> None:
    ward, laundry, stores = (world.client(one) for one in (world.wang_fang, world.zhao_lei, world.he_ping))
    link = world.laundry_ward.public_id
    settlement = f"/handoffs/settlement/links/{link}/"
    assert settlement in laundry.get(f"/handoffs/practice/{link}/").content.decode()
    assert "Points for handoffs" not in laundry.get(f"/links/{link}/").content.decode()
    typed = {"side": "supplier", "price": "100", "share": "10", "claim_days": "7", "arbiter": "He Ping"}
    assert sent(laundry, f"{settlement}propose/", **typed).status_code == 302
    assert "Points for handoffs" not in ward.get(f"/links/{link}/").content.decode(), "nothing holds yet"
    made = LinkSettlement.objects.get()
    assert "An accepted handoff earns 100 points" in ward.get(settlement).content.decode()
    ward.post(f"/handoffs/settlement/terms/{made.public_id}/agree/", {"version": str(made.changed_seq)})
    found = returned(world)
    own = f"/handoffs/{found.handoff.public_id}/"
    assert "Claim points back" in ward.get(own).content.decode()
    about = f"handoff_return:{found.public_id}"
    assert sent(ward, f"{own}claim/", about=about, ground="Five were damp").status_code == 302
    claim = SettlementClaim.objects.get()
    for page in ("/handoffs/today/", "/handoffs/settlement/"):
        assert claim.number in laundry.get(page).content.decode(), page
        assert claim.number not in ward.get(page).content.decode(), page
    here = f"/handoffs/settlement/claims/{claim.public_id}/"
    assert sent(laundry, f"{here}dispute/", answer="Dry by our meter").status_code == 302
    assert claim.number in stores.get("/handoffs/today/").content.decode()
    assert sent(stores, f"{here}rule/", ruling="40", note="Two of five were damp").status_code == 302
    page = ward.get(here).content.decode()
    for words in ("Decided", "40 % goes back", "Two of five were damp", "Dry by our meter", "Five were damp"):
        assert words in page, words
    statement = laundry.get(f"/handoffs/settlement/parties/{world.laundry.public_id}/").content.decode()
    for words in ("+60", "+100", "−40", found.handoff.number, claim.number):
        assert words in statement, words
    link_page = ward.get(f"/links/{link}/").content.decode()
    assert "Points for handoffs" in link_page
    assert "−60" in link_page
    assert "+60" in laundry.get(f"/parties/{world.laundry.public_id}/").content.decode()


def returned(world: World) -> HandoffReturn:
    """Of a handoff that has earned its points now, something came back."""
    at = timezone.now()
    handoff = delivered(world)
    changes.accept_handoff(by=world.actor(world.chen_jie), at=at, handoff=handoff)
    post(at)
    less = changes.Less(line=handoff.lines.get().public_id, refused=Decimal(5), phenomenon="Damp")
    changes.return_part(by=world.actor(world.chen_jie), at=at, handoff=handoff, less=[less])
    return HandoffReturn.objects.get()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"price": "-5"}, "price", "1"), ({"price": "many"}, "price", "whole number"),
        ({"share": "101"}, "share", "100"),
        ({"price": "4"}, "share", "at least one point"), ({"arbiter": "Gao Ming"}, "arbiter", "neither side"),
        ({"arbiter": "Nobody Here"}, "arbiter", "Nobody Here"), ({"claim_days": "0"}, "claim_days", "1"),
        ({"arbiter": ""}, "arbiter", "expected"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_beside_the_field(world: World, typed: dict[str, str], field: str, message: str) -> None:
    address = f"/handoffs/settlement/links/{world.laundry_ward.public_id}/propose/"
    values = {"side": "supplier", "price": "100", "share": "10", "claim_days": "7", "arbiter": "He Ping", **typed}
    answer = sent(world.client(world.zhao_lei), address, **values)
    assert answer.status_code == 422
    assert message in errors(answer).get(field, f"nothing beside {field}: {errors(answer)}")
    assert not LinkSettlement.objects.exists()


def test_a_button_on_what_has_changed_says_so(world: World) -> None:
    made = terms_proposed(world)
    seen = made.changed_seq
    ward = world.client(world.wang_fang)
    address = f"/handoffs/settlement/terms/{made.public_id}/"
    assert ward.post(f"{address}agree/", {"version": seen}).status_code == 302
    assert ward.post(f"{address}end/", {"version": seen}).status_code == 409
    assert ward.post(f"{address}agree/", {}).status_code == 409
    assert ward.post(f"{address}burn/", {}).status_code == 404
    assert LinkSettlement.objects.get().state == "agreed"


def test_the_statement_goes_out_with_its_running_sum(world: World) -> None:
    terms_agreed(world)
    changes.accept_claim(by=world.actor(world.gao_ming), at=NOON, claim=claimed(world))
    earned(world)
    address = f"/handoffs/settlement/parties/{world.ward.public_id}/export.csv"
    answer = world.client(world.chen_jie).get(address)
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))  # type: ignore[arg-type]
    assert [row[-2:] for row in rows] == [["Points", "Balance"], ["-100", "-100"], ["10", "-90"], ["-100", "-190"]]
    book = world.client(world.chen_jie).get(f"{address}?format=xlsx")
    assert book["Content-Type"].endswith("sheet")


def test_a_long_statement_keeps_its_sum_from_page_to_page(world: World) -> None:
    terms_agreed(world)
    for _one in range(53):
        earned(world)
    address = f"/handoffs/settlement/parties/{world.laundry.public_id}/"
    client = world.client(world.gao_ming)
    first, second = (client.get(f"{address}?page={number}").content.decode() for number in (1, 2))
    assert ("+5,300" in first, "+400" in first, "+300" in second) == (True, True, True)


@pytest.mark.sqlite
def test_pages_ask_as_often_whatever_they_show(world: World) -> None:
    terms_agreed(world)
    claimed(world)
    client = world.client(world.wang_fang)
    pages = ["/handoffs/settlement/", f"/handoffs/settlement/links/{world.laundry_ward.public_id}/",
             f"/handoffs/settlement/parties/{world.ward.public_id}/", "/handoffs/today/"]  # fmt: skip
    queries_a_page(client, pages[:1])
    few = queries_a_page(client, pages)
    for _more in range(3):
        claimed(world)
    assert queries_a_page(client, pages) == few


@pytest.mark.sqlite
def test_of_what_is_off_nothing_shows(world: World, settings: Any) -> None:
    terms_agreed(world)
    claim = claimed(world)
    handoff: Handoff = claim.handoff
    settings.SETTLEMENT = False
    assert LedgerEntry.objects.count() == 1
    client = world.client(world.lin_mei)
    root = "/handoffs/settlement/"
    for address in (
        root, f"{root}links/{world.laundry_ward.public_id}/", f"{root}claims/{claim.public_id}/",
        f"{root}parties/{world.ward.public_id}/", f"/handoffs/{handoff.public_id}/claim/",
    ):  # fmt: skip
        assert client.get(address).status_code == 403, address
    for address in (
        f"/links/{world.laundry_ward.public_id}/", f"/handoffs/{handoff.public_id}/", "/handoffs/today/",
        f"/parties/{world.ward.public_id}/", f"/handoffs/practice/{world.laundry_ward.public_id}/",
    ):  # fmt: skip
        page = client.get(address).content.decode()
        assert "settlement/" not in page, address
        assert "Points" not in page, address


def test_what_can_be_claimed_no_more_is_not_offered(world: World) -> None:
    terms_agreed(world)
    handoff = claimed(world).handoff
    client = world.client(world.chen_jie)
    assert "Claim points back" not in client.get(f"/handoffs/{handoff.public_id}/").content.decode()
    page = client.get(f"/handoffs/{handoff.public_id}/claim/")
    assert "Nothing can be claimed" in page.content.decode()
    assert world.client(world.gao_ming).get(f"/handoffs/{handoff.public_id}/claim/").status_code == 403
    values = filled(client, f"/handoffs/{handoff.public_id}/claim/", about="handoff_return:x", ground="Damp")
    assert client.post(f"/handoffs/{handoff.public_id}/claim/", values).status_code == 422
    assert SettlementClaim.objects.count() == 1


OF_SETTLEMENT = {
    "settlement", "handoffs.post_points", "handoffs.trip_breaches", "handoffs.settlement_of_link",
    "handoffs.points_of_handoff", "handoffs.account_of_party", "handoffs.settlement_terms", "handoffs.claim_to_answer",
    "handoffs.claim_to_decide", "handoffs.claim_decided",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.parametrize("chosen", [None, "no", "yes"])
def test_an_installation_has_it_only_if_it_says_so(tmp_path: Path, chosen: str | None) -> None:
    look = (
        "import django; django.setup()\n"
        "from baton.core.registries import api_routers, jobs, panels, topics\n"
        "names = [name for each in (api_routers, jobs, panels) for name, _one in each]\n"
        "print(*names, *[name for name, topic in topics if str(topic.title)])"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BATON_")}
    environment |= {"BATON_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "baton.config.settings"}
    environment |= {"BATON_SETTLEMENT": chosen} if chosen is not None else {}
    environment.pop("DATABASE_URL", None)
    said = subprocess.run([sys.executable, "-c", look], env=environment, capture_output=True, text=True, check=True)
    assert set(said.stdout.split()) & OF_SETTLEMENT == (OF_SETTLEMENT if chosen == "yes" else set())
