"""Task links: somebody outside reads one version and accepts it or objects; everything else opens nothing."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from baton.chain.changes import rename_party
from baton.chain.models import Party
from baton.core import registries
from baton.core.actors import Actor
from baton.core.changes import MadeLink, make_task_link, sign, withdraw_task_link
from baton.core.errors import Forbidden, Refused, VersionChanged
from baton.core.jobs import Reporter
from baton.core.logs import JsonFormatter
from baton.core.mail.task_links import send_task_link
from baton.core.models import AuditEntry, Signature, TaskLink
from baton.core.queries import signatures_of, to_sign
from baton.core.signing_rules import TASK_LINK_TRIES, Grade, Meaning
from tests.rooms.core.entrance import actions, now
from tests.world import SYSTEM, World

TASK = "tests.read_a_party"
TOLD: list[TaskLink] = []


@pytest.fixture(autouse=True)
def parties_are_read_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    def named(public_ids: Collection[str]) -> dict[str, dict[str, Any]]:
        return {row.public_id: row.name for row in Party.objects.filter(public_id__in=public_ids)}

    def accept(*, by: Actor, at: Any, link: TaskLink, digest: str, name: str) -> Signature:
        return sign(
            by=by, at=at, kind="party", public_id=link.object_id, expected_digest=digest, meaning=Meaning.ACCEPTANCE,
            grade=Grade.TASK_LINK, name=name, side=link.side,
        )  # fmt: skip

    def shown(public_id: str, side: str) -> dict[str, Any]:
        return {"pairs": [("Name", str(Party.objects.get(public_id=public_id))), ("Side", side)]}

    monkeypatch.setitem(registries.signables._entries, "party", registries.Signable(named, named))
    task = registries.OutsideTask(
        "party", "Read about a department", "core/components/definitions.html", shown, accept,
        lambda *, by, at, link, about: TOLD.append(link),
    )  # fmt: skip
    monkeypatch.setitem(registries.outside_tasks._entries, TASK, task)
    TOLD.clear()


def made(world: World, **given: Any) -> MadeLink:
    at, by = given.pop("at", now()), world.actor(world.zhao_lei)
    shown = to_sign(viewer=by, kind="party", public_id=world.laundry.public_id)
    values = {"digest": shown.digest, "name": "Ana Silva", "days": 14, "side": "customer", **given}
    return make_task_link(by=by, at=at, task=TASK, public_id=world.laundry.public_id, **values)


def use(link: MadeLink, **sent: str) -> Any:
    return Client().post(f"/task/{link.token}/", {"code": link.code, **sent})


def test_he_reads_the_version_with_the_code_and_accepts_it_with_his_name(world: World) -> None:
    link = made(world)
    page = Client().get(f"/task/{link.token}/")
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert "Laundry" not in page.content.decode()
    opened = use(link, code=link.code.upper().replace("-", " "))
    assert opened.status_code == 200
    assert "Laundry" in opened.content.decode()
    assert settings.SESSION_COOKIE_NAME not in opened.cookies
    answer = use(link, step="accept", name="Ana María Silva", digest=link.link.digest)
    assert "Accepted by Ana María Silva" in answer.content.decode()
    (stands,) = signatures_of(viewer=world.actor(world.zhao_lei), kind="party", public_id=world.laundry.public_id)
    assert (stands.holds, stands.signature.grade, stands.signature.side) == (True, "task_link", "customer")
    link.link.refresh_from_db()
    assert link.link.signature == stands.signature
    entry = AuditEntry.objects.get(action="task_link.accepted")
    assert entry.actor == "system:task_link"


def test_or_says_what_speaks_against_it(world: World) -> None:
    link = made(world)
    assert use(link, step="object", words="").status_code == 422
    assert use(link, step="object", words=" \u200b ").status_code == 422
    answer = use(link, step="object", words="<b>Too late</b> for us")
    assert "Your objection was sent" in answer.content.decode()
    assert [one.words for one in TOLD] == ["<b>Too late</b> for us"]
    assert "Too late" not in AuditEntry.objects.get(action="task_link.objected").body
    assert not Signature.objects.exists()


def test_used_expired_withdrawn_and_guessed_links_open_nothing(world: World) -> None:
    used, expired, withdrawn = made(world), made(world, at=now() - timedelta(days=15)), made(world)
    assert use(used, step="accept", name="Ana", digest=used.link.digest).status_code == 200
    withdraw_task_link(by=world.actor(world.zhao_lei), at=now(), link=withdrawn.link)
    said = {used.token: "it works once", expired.token: "This link worked until", withdrawn.token: "was withdrawn"}
    for token, words in said.items():
        for answer in (Client().get(f"/task/{token}/"), Client().post(f"/task/{token}/", {"code": used.code})):
            assert answer.status_code == 410
            assert words in answer.content.decode()
            assert "Laundry" not in answer.content.decode()
    assert Signature.objects.count() == 1
    guessed, nowhere = Client().get("/task/bcdfghjkmnpqrstvwxz2345678/"), Client().get("/tusk/")
    assert guessed.status_code == nowhere.status_code == 404
    for answer in (guessed, nowhere):
        assert "There is no such page" in answer.content.decode()
        said = answer.content.decode().replace("/task/bcdfghjkmnpqrstvwxz2345678/", "")
        assert not re.search(r"\btask", said)
    said_in_chinese = Client().get(f"/task/{used.token}/", headers={"Accept-Language": "zh-hans"})
    assert said_in_chinese.status_code == 410
    assert 'lang="zh-hans"' in said_in_chinese.content.decode()


def test_wrong_codes_lock_the_link_for_good(world: World) -> None:
    link = made(world)
    statuses = [use(link, code="wrong-code").status_code for _try in range(TASK_LINK_TRIES + 1)]
    assert statuses == [422] * (TASK_LINK_TRIES - 1) + [410, 410]
    assert use(link, step="accept", name="Ana", digest=link.link.digest).status_code == 410
    assert not Signature.objects.exists()
    assert actions(None).count("task_link.refused") == TASK_LINK_TRIES - 1
    assert actions(None).count("task_link.locked") == 1


def test_a_version_that_changed_is_neither_shown_nor_accepted(world: World) -> None:
    link = made(world)
    rename_party(by=SYSTEM, at=now(), party=world.laundry, name={"en": "Linen service"})
    for sent in ({}, {"step": "accept", "name": "Ana", "digest": link.link.digest}):
        answer = use(link, **sent)
        assert answer.status_code == 409
        assert "was changed meanwhile" in answer.content.decode()
        assert "Linen service" not in answer.content.decode()
    with pytest.raises(VersionChanged):
        made(world, digest=link.link.digest)
    assert not Signature.objects.exists()


def test_another_digest_or_no_name_accepts_nothing(world: World) -> None:
    link = made(world)
    for sent in ({"name": "", "digest": link.link.digest}, {"name": "Ana", "digest": "0" * 64}, {"name": "Ana"}):
        assert use(link, step="accept", **sent).status_code in {404, 422}
    assert use(link, step="accept", name="\u200b", digest=link.link.digest).status_code == 422
    assert not Signature.objects.exists()


def test_the_mail_bears_the_only_address_that_works_and_not_the_code(world: World) -> None:
    link = made(world, email="ana@example.org", language="zh-hans")
    assert link.token == ""
    assert "task_link" in str(AuditEntry.objects.get(action="task_link.made").body)
    assert "ana@example.org" not in AuditEntry.objects.get(action="task_link.made").body
    by = Actor.system("worker")
    for _run in range(2):
        send_task_link(by=by, at=now(), progress=Reporter("r", "j"), link=link.link.public_id)
    first, second = mail.outbox
    assert second.to == ["ana@example.org"]
    assert link.code not in second.body
    tokens = [one.body.split("/task/")[1].split("/")[0] for one in (first, second)]
    assert Client().get(f"/task/{tokens[0]}/").status_code == 404
    assert Client().get(f"/task/{tokens[1]}/").status_code == 200


@pytest.mark.parametrize(
    "given", [{"name": ""}, {"name": "x" * 121}, {"days": 0}, {"days": 61}, {"email": "no address"}]
)
def test_what_cannot_be_is_refused(world: World, given: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        made(world, **given)
    assert not TaskLink.objects.exists()


def test_programs_and_the_system_ask_nobody(world: World) -> None:
    person = world.zhao_lei
    for by in (SYSTEM, Actor(person, via="token123"), Actor(None)):
        with pytest.raises(Forbidden):
            make_task_link(
                by=by, at=now(), task=TASK, public_id=world.laundry.public_id, digest="", name="Ana", days=1
            )  # fmt: skip


def test_the_log_does_not_hold_the_address(world: World) -> None:
    link = made(world)
    assert use(link, code="wrong").status_code == 422
    logged = JsonFormatter().format(logging.makeLogRecord({"msg": f"Unprocessable Content: /task/{link.token}/"}))
    assert "/task/***" in logged
    assert link.token not in logged
