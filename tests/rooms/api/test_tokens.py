"""Tokens: made with the password, shown once, dead with their owner, limited before anything is hashed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from baton.core import changes, registries
from baton.core.actors import Actor
from baton.core.errors import Forbidden, Refused
from baton.core.models import ApiToken, AuditEntry, TokenUse
from baton.core.rules import Role, TokenKind
from tests.api import Program, in_one_minute, said, token_for
from tests.world import NOON, SYSTEM, World

PASSWORD = "a long enough password"


@pytest.fixture
def chen(world: World) -> Client:
    """Chen Jie, signed in, with a password."""
    changes.change_password(by=SYSTEM, at=NOON, person=world.chen_jie, password=PASSWORD)
    world.chen_jie.refresh_from_db()
    return world.client(world.chen_jie)


def form(**said: Any) -> dict[str, Any]:
    return {
        "name": "nightly report", "token_kind": "personal", "scopes": ["chain:read"], "days": "30",
        "password": PASSWORD, "submission": "s" * 32, **said,
    }  # fmt: skip


def test_made_on_the_page_shown_once_and_used(world: World, chen: Client) -> None:
    page = chen.post("/me/tokens/", form()).content.decode()
    text = re.search(r"baton_\w{8}_\w{40}", page)
    assert text is not None
    assert Program(text[0]).get("/parties").status_code == 200
    token = ApiToken.objects.get()
    assert text[0] not in token.digest
    again = chen.get("/me/tokens/").content.decode()
    assert text[0] not in again
    assert f"baton_{token.prefix}" in again
    assert text[0].rsplit("_", 1)[1] not in "".join(AuditEntry.objects.values_list("body", flat=True))
    assert AuditEntry.objects.filter(action="api_token.made", object_id=token.public_id).count() == 1


def test_sending_the_form_twice_makes_one_token_and_shows_it_once(chen: Client) -> None:
    chen.post("/me/tokens/", form())
    second = chen.post("/me/tokens/", form()).content.decode()
    assert ApiToken.objects.count() == 1
    assert not re.search(r"baton_\w{8}_\w{40}", second)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "not my password"}, {"password": ""}, {"scopes": ["everything"]}, {"scopes": []}, {"name": " "},
        {"days": "0"}, {"days": "366"}, {"token_kind": "machine"},
    ],
)  # fmt: skip
def test_a_wrong_form_makes_no_token(chen: Client, wrong: dict[str, Any]) -> None:
    answer = chen.post("/me/tokens/", form(**wrong))
    assert answer.status_code == 422
    assert ApiToken.objects.count() == 0


def test_machine_tokens_are_made_by_those_who_look_after_the_chain(world: World) -> None:
    said_ = {"at": NOON, "name": "SAP", "scopes": ["chain:read"], "days": 1000, "token_kind": TokenKind.MACHINE}
    token, _text = changes.make_token(by=world.actor(world.lin_mei), **said_)  # type: ignore[arg-type]
    assert token.expires_at == NOON + timedelta(days=1000)
    with pytest.raises(Forbidden):
        changes.make_token(by=world.actor(world.wang_fang), **said_)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        changes.make_token(by=world.actor(world.lin_mei), **{**said_, "days": 2000})  # type: ignore[arg-type]


def test_a_token_makes_no_tokens_and_a_guest_neither(world: World) -> None:
    via = Actor(world.lin_mei, frozenset({Role.QUALITY_MANAGER}), via="x")
    for by in (via, world.actor(world.tom_reed), SYSTEM):
        with pytest.raises(Forbidden):
            changes.make_token(by=by, at=NOON, name="a", scopes=["chain:read"], days=1)


def test_a_token_dies_when_it_is_withdrawn_ends_or_its_owner_may_not_sign_in(world: World) -> None:
    def status(text: str) -> int:
        return Program(text).get("/me").status_code

    withdrawn, ended, owners = (token_for(world.chen_jie) for _n in range(3))
    assert {status(text) for text in (withdrawn, ended, owners)} == {200}
    by_prefix = {text: ApiToken.objects.get(prefix=text.split("_")[1]) for text in (withdrawn, ended)}
    changes.withdraw_token(by=world.actor(world.chen_jie), at=NOON, token=by_prefix[withdrawn])
    ApiToken.objects.filter(pk=by_prefix[ended].pk).update(expires_at=NOON)
    assert [status(text) for text in (withdrawn, ended, owners)] == [401, 401, 200]
    changes.disable_person(by=SYSTEM, at=NOON, person=world.chen_jie)
    assert status(owners) == 401
    changes.enable_person(by=SYSTEM, at=NOON, person=world.chen_jie)
    assert status(owners) == 200
    changes.forget_person(by=SYSTEM, at=NOON, person=world.chen_jie, reason="asked for it")
    assert status(owners) == 401
    assert set(ApiToken.objects.values_list("name", "digest")) == {("", "")}


def test_a_token_may_what_its_owner_may_at_the_time_of_the_call(world: World) -> None:
    program = Program(token_for(world.lin_mei))
    party = {"kind": "department", "name": {"en": "New"}}
    assert program.post("/parties", party).status_code == 201
    role = world.lin_mei.organisation_roles.get()
    changes.end_role(by=SYSTEM, at=NOON, role=role)
    assert program.post("/parties", {**party, "name": {"en": "Newer"}}).status_code == 403


def test_a_scope_that_the_token_lacks_is_named(world: World) -> None:
    answer = Program(token_for(world.lin_mei, "chain:read")).post("/parties", {})
    assert answer.status_code == 403
    assert "chain:write" in said(answer)["detail"]


def test_cookies_count_for_nothing(world: World) -> None:
    client = world.client(world.lin_mei)
    assert client.get("/parties/").status_code == 200
    answer = client.get("/api/v1/parties")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.cookies == {}


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Basic abc", "Bearer baton_22222222_" + "2" * 40, "bearer baton_é", "B" * 5000]
)
def test_wrong_tokens_are_all_refused_alike(world: World, header: str) -> None:
    answer = Program(headers={"Authorization": header} if header else {}).get("/me")
    assert answer.status_code == 401
    assert said(answer)["type"].endswith("#not-signed-in")
    assert said(answer)["errors"][0]["remedy"]


def test_the_right_prefix_with_a_wrong_secret_is_refused(world: World) -> None:
    text = token_for(world.lin_mei)
    wrong = text[:-1] + ("2" if text[-1] != "2" else "3")
    assert Program(wrong).get("/me").status_code == 401


def test_too_many_calls_wait_and_nothing_is_looked_up(world: World, settings: Any) -> None:
    settings.API_CALLS_A_MINUTE = 3
    program = Program(token_for(world.lin_mei))

    def calls() -> tuple[list[int], Any, int]:
        answered = [program.get("/me").status_code for _n in range(3)]
        with CaptureQueriesContext(connection) as asked:
            return answered, program.get("/me"), len(asked)

    answered, refused, queries = in_one_minute(calls)
    assert (answered, refused.status_code, queries) == ([200, 200, 200], 429, 0)
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert Program(token_for(world.chen_jie)).get("/me").status_code == 200


def test_who_tries_many_wrong_tokens_waits_and_the_right_one_beside_it_goes_on(world: World, settings: Any) -> None:
    right, most = token_for(world.lin_mei), 3
    settings.API_WRONG_TOKENS_A_MINUTE = most
    wrong = f"baton_{'2' * 8}_{'3' * 40}"
    answered = in_one_minute(
        lambda: [Program(token).get("/me").status_code for token in [wrong] * (most + 1) + [right]]
    )
    assert answered == [401] * most + [429, 200]


def test_use_is_noted_once_a_minute_at_most(world: World) -> None:
    program = Program(token_for(world.lin_mei))
    program.get("/me")
    first = TokenUse.objects.get()
    program.get("/me")
    assert TokenUse.objects.get().used_at == first.used_at
    TokenUse.objects.update(used_at=first.used_at - timedelta(minutes=2))
    program.get("/me")
    assert TokenUse.objects.get().used_at >= first.used_at


def test_the_trail_names_the_token(world: World) -> None:
    Program(token_for(world.lin_mei)).post("/parties", {"kind": "department", "name": {"en": "New"}})
    body = AuditEntry.objects.order_by("-seq").values_list("body", flat=True).first()
    assert f'"via":"{ApiToken.objects.get().public_id}"' in str(body).replace(" ", "")


def test_administrators_see_and_withdraw_all_others_only_their_own(world: World) -> None:
    token_for(world.chen_jie)
    token = ApiToken.objects.get()
    address = f"/me/tokens/{token.public_id}/withdraw/"
    assert world.client(world.lin_mei).get("/people/tokens/").status_code == 403
    assert world.client(world.lin_mei).post(address).status_code == 404
    admin = world.client(world.sun_yan)
    assert f"baton_{token.prefix}" in admin.get("/people/tokens/").content.decode()
    assert admin.post(address).status_code == 302
    token.refresh_from_db()
    assert token.withdrawn_at is not None


def test_every_scope_has_words(world: World) -> None:
    assert {name for name, _words in registries.api_scopes} >= {"chain:read", "chain:write", "people:read"}
    assert all(str(words) for _name, words in registries.api_scopes)
