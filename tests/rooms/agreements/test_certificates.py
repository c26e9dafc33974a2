"""Certificates of parties: entered, renewed, ended; who sees and keeps them; parties are told in time, once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from baton.agreements import changes
from baton.agreements.models import Certificate
from baton.agreements.queries import certificates as queries
from baton.agreements.rules.certificates import CertificateState, state_of
from baton.core.audit.verify import verify
from baton.core.errors import Forbidden, NotFound, Refused, TooLong
from baton.core.models import Notification
from baton.core.search.keeping import follow
from tests.api import Program, token_for
from tests.query_counts import queries_a_page
from tests.rooms.chain.test_pages import filled
from tests.world import NOON, SYSTEM, World

DAY = NOON.date()


def entered(world: World, name: str = "ISO 9001:2015", **more: Any) -> Certificate:
    return changes.add_certificate(by=world.actor(world.zhao_lei), at=NOON, party=world.laundry, name=name, **more)


@pytest.mark.parametrize(
    ("began_on", "ends_on", "ended", "state"),
    [
        (None, None, False, CertificateState.VALID), (None, DAY, False, CertificateState.RUNS_OUT),
        (None, DAY - timedelta(days=1), False, CertificateState.EXPIRED),
        (DAY + timedelta(days=1), None, False, CertificateState.NOT_YET),
        (None, DAY + timedelta(days=30), False, CertificateState.RUNS_OUT),
        (None, DAY + timedelta(days=31), False, CertificateState.VALID),
        (None, DAY - timedelta(days=1), True, CertificateState.ENDED),
    ],
)  # fmt: skip
def test_how_a_certificate_stands(
    began_on: date | None, ends_on: date | None, ended: bool, state: CertificateState
) -> None:
    assert state_of(began_on, ends_on, 30, ended=ended, day=DAY) is state


def test_a_certificate_from_entering_to_ending(world: World) -> None:
    client = world.client(world.zhao_lei)
    party = f"/parties/{world.laundry.public_id}/"
    assert "Enter a certificate" in client.get(party).content.decode()
    new = f"/agreements/certificates/new/{world.laundry.public_id}/"
    last = datetime.now(UTC).date() + timedelta(days=20)
    typed = {
        "name": "ISO 9001:2015",
        "issuer": "CNAS",
        "certificate_number": "C-17",
        "began_on": "",
        "alert_days": "90",
    }
    wrong = client.post(new, filled(client, new, **{**typed, "began_on": "2026-05-02", "ends_on": "2026-05-01"}))
    assert (wrong.status_code, "the first day" in wrong.content.decode()) == (422, True)
    made = client.post(new, filled(client, new, **typed, ends_on=last.isoformat()))
    certificate = Certificate.objects.get()
    own = f"/agreements/certificates/{certificate.public_id}/"
    assert made.headers["Location"] == own
    assert "Runs out" in client.get(own).content.decode()
    assert "ISO 9001:2015" in client.get(party).content.decode()
    assert "ISO 9001:2015" in client.get("/agreements/certificates/?state=runs_out").content.decode()
    for other in ("expired", "valid"):
        assert "No certificate found" in client.get(f"/agreements/certificates/?state={other}").content.decode()
    assert b"C-17" in b"".join(client.get("/agreements/certificates/export/"))
    assert "Expires: ISO 9001:2015" in client.get("/me/calendar/").content.decode()
    change = f"{own}change/"
    renewed = {**typed, "ends_on": (last + timedelta(days=1000)).isoformat()}
    assert client.post(change, filled(client, change, **renewed)).status_code == 302
    end = f"{own}end/"
    assert client.post(end, filled(client, end, reason="")).status_code == 422
    assert client.post(end, filled(client, end, reason="Replaced by ISO 9001:2030")).status_code == 302
    assert "Replaced by ISO 9001:2030" in client.get(own).content.decode()
    assert verify().holds


def test_who_sees_and_who_keeps_certificates(world: World) -> None:
    certificate = entered(world)
    for person in (world.gao_ming, world.wang_fang, world.he_jun, world.sun_yan):
        by = world.actor(person)
        assert queries.certificate(viewer=by, at=NOON, public_id=certificate.public_id) == certificate
        with pytest.raises(Forbidden):
            changes.add_certificate(by=by, at=NOON, party=world.laundry, name="Mine")
        with pytest.raises(Forbidden):
            changes.end_certificate(by=by, at=NOON, certificate=certificate, reason="No")
    for person in (world.tom_reed, world.ivy_stone):
        seen = queries.certificates_in_sight(viewer=world.actor(person), at=NOON)
        assert list(seen) == [] or person is world.ivy_stone
    with pytest.raises(NotFound):
        queries.certificate(viewer=world.actor(world.tom_reed), at=NOON, public_id=certificate.public_id)
    changes.change_certificate(by=world.actor(world.lin_mei), at=NOON, certificate=certificate, name="ISO 14001")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " \u200b"}, "name"), ({"name": "x" * 201}, "name"), ({"issuer": "x" * 201}, "issuer"),
        ({"certificate_number": "9" * 61}, "certificate_number"), ({"ends_on": date(9999, 1, 1)}, "ends_on"),
        ({"began_on": date(1, 1, 1)}, "began_on"), ({"alert_days": 366}, "alert_days"),
        ({"alert_days": -1}, "alert_days"),
        ({"began_on": DAY, "ends_on": DAY - timedelta(days=1)}, "ends_on"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(world: World, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises((Refused, TooLong)) as refused:
        entered(world, **{"name": "ISO 9001", **wrong})
    assert refused.value.field == field
    assert not Certificate.objects.exists()


def test_the_party_is_told_once_and_again_after_a_renewal(world: World) -> None:
    certificate = entered(world, ends_on=DAY + timedelta(days=100), alert_days=30)
    entered(world, "Without end")
    ended = entered(world, "Ended", ends_on=DAY + timedelta(days=10))
    changes.end_certificate(by=SYSTEM, at=NOON, certificate=ended, reason="Replaced")

    def told(days: int) -> list[str]:
        changes.tell_of_certificates(by=SYSTEM, at=NOON + timedelta(days=days))
        found = Notification.objects.filter(topic="agreements.certificate_runs_out")
        return sorted(one.person.sign_in_name for one in found)

    assert told(69) == []
    assert told(70) == told(71) == told(200) == ["zhao.lei"]
    certificate.refresh_from_db()
    changes.change_certificate(
        by=SYSTEM, at=NOON, certificate=certificate, name="ISO 9001", ends_on=DAY + timedelta(days=400), alert_days=30
    )
    assert told(300) == ["zhao.lei"]
    assert told(380) == ["zhao.lei", "zhao.lei"]


@pytest.mark.sqlite
def test_lists_ask_no_query_for_every_certificate(world: World) -> None:
    client, addresses = world.client(world.wang_fang), ["/agreements/certificates/"]
    entered(world)
    queries_a_page(client, addresses)
    few = queries_a_page(client, addresses)
    for name in ("A", "B", "C"):
        entered(world, name)
    assert queries_a_page(client, addresses) == few


def test_a_certificate_is_found(world: World) -> None:
    certificate = entered(world, "Accreditation 17025")
    follow(by=SYSTEM, at=NOON, progress=lambda done, total: None)
    address = f"/agreements/certificates/{certificate.public_id}/"
    assert address in world.client(world.wang_fang).get("/search/?q=accreditation").content.decode()


def test_programs_enter_renew_and_end_certificates(world: World) -> None:
    writer = Program(token_for(world.zhao_lei, "agreements:read", "agreements:write"))
    body = {"party": world.laundry.public_id, "name": "ISO 9001", "issuer": "CNAS", "ends_on": "2029-03-31"}
    made = writer.call("POST", "/certificates", body).json()
    assert (made["state"], made["party"]["id"], made["alert_days"]) == ("valid", world.laundry.public_id, 90)
    own = f"/certificates/{made['id']}"
    renewed = {"name": "ISO 9001", "ends_on": "2020-01-01", "version": made["version"]}
    assert writer.call("PATCH", own, renewed).json()["state"] == "expired"
    assert writer.call("PATCH", own, renewed).status_code == 409
    reader = Program(token_for(world.wang_fang, "agreements:read", "agreements:write"))
    assert [one["id"] for one in reader.call("GET", "/certificates?state=expired").json()["rows"]] == [made["id"]]
    now = reader.call("GET", own).json()["version"]
    assert reader.call("POST", f"{own}/end", {"why": "Mine", "version": now}).status_code == 403
    assert reader.call("POST", "/certificates", body).status_code == 403
    assert writer.call("POST", f"{own}/end", {"why": "", "version": now}).status_code == 422
    assert writer.call("POST", f"{own}/end", {"why": "Replaced", "version": now}).json()["state"] == "ended"
    assert reader.call("GET", "/certificates").json()["rows"] == []
