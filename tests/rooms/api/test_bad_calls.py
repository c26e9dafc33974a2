"""B075 to B082 of the list of bad inputs, and B046 and B086 at this door."""

from __future__ import annotations

import json
from typing import Any

import pytest

from baton.chain.models import Link, Party
from baton.core.models import AuditEntry
from tests.api import Program, said, token_for
from tests.world import World


@pytest.fixture
def manager(world: World) -> Program:
    return Program(token_for(world.lin_mei))


def problem_of(answer: Any, status: int) -> Any:
    """The problem that was answered, which is whole: every member is there and says something."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    problem = said(answer)
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["request_id"] == answer["X-Request-Id"]
    return problem


# B075


@pytest.mark.sqlite
def test_hidden_and_missing_are_answered_alike(world: World) -> None:
    """Chen Jie does not see Stores, nor what LinenCo delivers there."""
    program = Program(token_for(world.chen_jie))
    missing = "2" * 16
    calls: list[tuple[str, str, Any]] = [
        ("GET", "/parties/{}", None), ("PATCH", "/parties/{}", {"name": {"en": "x"}, "version": 1}),
        ("POST", "/parties/{}/move", {"parent": None, "version": 1}), ("POST", "/parties/{}/end", {"version": 1}),
    ]  # fmt: skip
    for hidden, some in ((world.stores, calls), (world.linenco_stores, [
        ("GET", "/links/{}", None), ("PATCH", "/links/{}", {"output": {"en": "x"}, "output_kind": "service"}),
        ("POST", "/links/{}/end", {"version": 1}), ("GET", "/monitoring/links/{}/measures", None),
        ("GET", "/monitoring/links/{}/signals", None),
    ])):  # fmt: skip
        for method, path, body in some:
            answers = [program.call(method, path.format(one), body) for one in (hidden.public_id, missing)]
            texts = [problem_of(answer, 404) for answer in answers]
            for text, one in zip(texts, (hidden.public_id, missing), strict=True):
                del text["request_id"]
                text["instance"] = text["instance"].replace(one, "-")
            assert texts[0] == texts[1], path


def test_a_hidden_party_in_the_body_is_refused_as_a_missing_one(world: World) -> None:
    program = Program(token_for(world.wang_fang))
    for field in ("supplier", "customer"):
        texts = []
        for other in (world.stores.public_id, "2" * 16):
            sent = {"supplier": world.ward.public_id, "customer": world.ward.public_id, "output": {"en": "x"}}
            problem = problem_of(program.post("/links", {**sent, field: other}), 422)
            texts.append(problem["errors"])
        assert texts[0] == texts[1]
        assert texts[0][0]["field"] == field
    assert not Link.objects.filter(supplier=world.ward, customer=world.ward).exists()


def test_a_hidden_party_as_a_filter_shows_nothing(world: World) -> None:
    program = Program(token_for(world.chen_jie))
    for path in (f"/links?party={world.stores.public_id}", f"/memberships?party={world.stores.public_id}"):
        assert said(program.get(path))["rows"] == []


# B076


@pytest.mark.parametrize("extra", ["is_staff", "accepted_by", "path", "public_id", "number", "source", "changed_seq"])
def test_extra_members_are_refused(world: World, manager: Program, extra: str) -> None:
    sent = {"kind": "department", "name": {"en": "x"}, extra: "1"}
    problem = problem_of(manager.post("/parties", sent), 422)
    assert problem["errors"][0]["loc"] == ["body", extra]


# B077, B078


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "query",
    [
        "order=password", "order=owner__password", "order=?", "filter[x__y]=1", "kind=OR", "kind__in=team",
        "name__contains=x", "limit=-1", "limit=0", "limit=201", "limit=1000000000", "limit=1e3", "limit=%20", "page=-1",
        "limit=1&limit=2", "ended=maybe", "cursor=" + "x" * 1001, "search=%00", "offset=5", "order=name,number",
    ],
)  # fmt: skip
def test_lists_take_only_what_the_reference_names(manager: Program, query: str) -> None:
    answer = manager.get(f"/parties?{query}")
    assert answer.status_code in {400, 422}
    assert problem_of(answer, answer.status_code)["errors"][0]["expected"]


# B079


def test_the_same_key_and_body_make_one_record(world: World, manager: Program) -> None:
    sent = {"kind": "department", "name": {"en": "Once"}}
    first, second = (manager.post("/parties", sent, key="key-of-one-call") for _n in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert said(first) == said(second)
    assert first["ETag"] == second["ETag"]
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert Party.objects.filter(name__en="Once").count() == 1
    assert AuditEntry.objects.filter(object_id=said(first)["id"]).count() == 1


def test_the_same_key_with_another_body_or_call_is_refused(world: World, manager: Program) -> None:
    sent = {"kind": "department", "name": {"en": "Once"}}
    manager.post("/parties", sent, key="key-of-one-call")
    other = problem_of(manager.post("/parties", {**sent, "code": "X"}, key="key-of-one-call"), 422)
    assert other["type"].endswith("#key-used")
    elsewhere = manager.post(f"/parties/{world.ward.public_id}/end", {"version": 1}, key="key-of-one-call")
    assert problem_of(elsewhere, 422)["type"].endswith("#key-used")


def test_a_key_belongs_to_its_person(world: World, manager: Program) -> None:
    manager.post("/parties", {"kind": "department", "name": {"en": "Once"}}, key="key-of-one-call")
    sent = {"kind": "team", "name": {"en": "Hers"}, "parent": world.ward.public_id}
    assert Program(token_for(world.wang_fang)).post("/parties", sent, key="key-of-one-call").status_code == 201


@pytest.mark.parametrize("key", [None, "", "short", "x" * 129, "with blank inside"])
def test_without_a_key_nothing_is_changed(manager: Program, key: str | None) -> None:
    answer = manager.post("/parties", {"kind": "department", "name": {"en": "Nokey"}}, key=key)
    problem_of(answer, 428)
    assert not Party.objects.filter(name__en="Nokey").exists()


def test_a_refused_call_does_not_spend_its_key(world: World, manager: Program) -> None:
    sent = {"kind": "department", "name": {"en": "x"}, "code": "W3"}
    assert manager.post("/parties", sent, key="key-of-one-call").status_code == 422
    assert manager.post("/parties", {**sent, "code": "W9"}, key="key-of-one-call").status_code == 201


def test_what_is_hidden_meanwhile_is_not_shown_again(world: World) -> None:
    program = Program(token_for(world.wang_fang))
    sent = {"kind": "team", "name": {"en": "Mine"}, "parent": world.ward.public_id}
    made = said(program.post("/parties", sent, key="key-of-one-call"))
    move = {"parent": world.stores.public_id, "version": made["version"]}
    assert Program(token_for(world.lin_mei)).post(f"/parties/{made['id']}/move", move).status_code == 200
    assert program.post("/parties", sent, key="key-of-one-call").status_code == 404


# B080


def test_a_stale_version_is_answered_with_what_now_stands(world: World, manager: Program) -> None:
    path = f"/parties/{world.ward.public_id}"
    seen = said(manager.get(path))["version"]
    first = manager.patch(path, {"name": {"en": "First"}, "version": seen})
    for more in ({"version": seen}, {}):
        headers = {} if more else {"If_Match": f'"{seen}"'}
        problem = problem_of(manager.patch(path, {"name": {"en": "Second"}, **more}, **headers), 409)
        assert problem["version"] == said(first)["version"]
        assert problem["theirs"]["name"] == {"en": "First"}
        assert problem["theirs"]["version"] == problem["version"]
    assert said(manager.get(path))["name"] == {"en": "First"}


def test_a_change_without_a_version_is_refused(world: World, manager: Program) -> None:
    path = f"/parties/{world.ward.public_id}"
    problem_of(manager.patch(path, {"name": {"en": "x"}}), 428)
    for wrong in ("*", '"1', 'W/"1"', '"1", "2"', '"x"', '"' + "9" * 30 + '"'):
        problem_of(manager.patch(path, {"name": {"en": "x"}}, If_Match=wrong), 400)
    problem_of(manager.patch(path, {"name": {"en": "x"}, "version": 1}, If_Match='"2"'), 422)


# B081


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_no_header_changes_the_method(world: World, manager: Program, header: str) -> None:
    for method in ("DELETE", "PATCH"):
        answer = manager.post("/parties", {"kind": "department", "name": {"en": method}}, **{header: method})
        assert answer.status_code == 201
    assert manager.get("/parties?_method=DELETE").status_code == 400


@pytest.mark.parametrize("method", ["DELETE", "PUT", "TRACE", "CONNECT", "PROPFIND"])
def test_other_methods_are_not_allowed(manager: Program, method: str) -> None:
    answer = manager.call(method, "/parties", {})
    problem_of(answer, 405)
    assert {"GET", "POST"} <= set(answer["Allow"].split(", "))


def test_head_is_get_without_a_body_and_options_says_what_is_allowed(world: World, manager: Program) -> None:
    head = manager.call("HEAD", "/parties")
    assert (head.status_code, head.content) == (200, b"")
    assert Program().call("HEAD", "/parties").status_code == 401
    options = Program().call("OPTIONS", f"/parties/{world.ward.public_id}")
    assert (options.status_code, options.content) == (204, b"")
    assert {"GET", "PATCH", "OPTIONS"} <= set(options["Allow"].split(", "))


# B082, B046


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "application/jsonx",
     "application/json; charset=utf-16", "text/json"],
)  # fmt: skip
def test_only_json_is_taken(manager: Program, content_type: str) -> None:
    body = b'{"kind": "department", "name": {"en": "x"}}'
    problem_of(manager.call("POST", "/parties", raw=body, Content_Type=content_type), 415)


def test_a_call_without_members_needs_no_body(world: World, manager: Program) -> None:
    """Where there are members, an absent body is one without them."""
    admin = Program(token_for(world.sun_yan))
    unknown = f"/webhooks/{world.ward.public_id}/pause"
    problem_of(admin.call("POST", unknown, raw=b"", Content_Type=""), 404)
    problem_of(manager.call("POST", "/parties", raw=b"", Content_Type=""), 422)


BOMB = b'{"name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "raw",
    [
        b"{", b"[]", b"1", b'"x"', b"null", b"\xff\xfe", b'\xef\xbb\xbf{"kind": "team"}',
        b'{"kind": "team", "kind": "department", "name": {"en": "x"}}',
        b'{"kind": "team", "name": {"en": "x", "en": "y"}}',
        b'{"version": NaN}', b'{"version": Infinity}', b'{"version": -Infinity}', b'{"version": 1e999}',
        b'{"version": ' + b"9" * 5000 + b"}", b'{"version": 9007199254740993}', BOMB, b"{'a': 1}", b'{"a": 1,}',
        b'{"kind": "team", "name": {"en": "\\ud800"}}', b'{"kind": "team", "name": {"en": "a\\u0000b"}}',
        b'{"a": ' * 21 + b"1" + b"}" * 21, json.dumps({f"a{n}": 1 for n in range(1001)}).encode(),
        json.dumps({"a": [1] * 10_001}).encode(), b'{"\\u0000": 1}',
    ],
    ids=lambda raw: repr(raw[:30]),
)  # fmt: skip
def test_json_that_two_readers_could_understand_in_two_ways(manager: Program, raw: bytes) -> None:
    problem = problem_of(manager.call("POST", "/parties", raw=raw), 400)
    assert problem["errors"][0]["found"]


def test_a_body_that_is_too_large(manager: Program) -> None:
    raw = json.dumps({"kind": "department", "name": {"en": "x" * 1_100_000}}).encode()
    problem_of(manager.call("POST", "/parties", raw=raw), 413)


def test_a_thousand_and_one_parameters(manager: Program) -> None:
    problem_of(manager.get("/parties?" + "&".join(f"a{n}=1" for n in range(1001))), 400)


# B086 and words


def test_refusals_speak_the_language_of_the_call(world: World, manager: Program) -> None:
    for language, sent in (("en", "en"), ("zh-hans", "zh-CN,zh;q=0.9,en;q=0.5"), ("en", "x" * 10_000), ("en", "*;q=")):
        answer = manager.get("/parties/" + "2" * 16, Accept_Language=sent)
        problem_of(answer, 404)
        assert answer["Content-Language"] == language


def test_an_unknown_address_of_the_api_is_a_problem_too(manager: Program) -> None:
    for path in ("/nothing", "/parties/x/y/z", "/parties/", "/parties/%00", "/parties/..%2f..", "/parties/É"):
        problem_of(manager.get(path), 404)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("wrong", "loc"),
    [
        ({"kind": "ward"}, ["body", "kind"]), ({"kind": 1}, ["body", "kind"]), ({"name": "Laundry"}, ["body", "name"]),
        ({"name": {}}, ["body", "name"]), ({"name": {"fr": "x"}}, ["body", "name"]),
        ({"name": {"en": 5}}, ["body", "name", "en"]), ({"name": {"en": "x" * 201}}, ["body", "name", "en"]),
        ({"name": None}, ["body", "name"]), ({"parent": "x"}, ["body", "parent"]), ({"code": 5}, ["body", "code"]),
        ({"began_on": "31/02/2026"}, ["body", "began_on"]), ({"began_on": 1}, ["body", "began_on"]),
        ({"began_on": "2026-02-31"}, ["body", "began_on"]), ({"began_on": "2026-01-01T00:00:00"}, ["body", "began_on"]),
        ({"began_on": "0000-00-00"}, ["body", "began_on"]), ({"name": {"zh-hans": "x"}}, ["body", "name"]),
        ({"name": {"en": "\u200b"}}, ["body", "name"]), ({"parent": "2" * 16}, ["body", "parent"]),
    ],
)  # fmt: skip
def test_wrong_members_are_named_with_what_to_do(manager: Program, wrong: dict[str, Any], loc: list[str]) -> None:
    problem = problem_of(manager.post("/parties", {"kind": "department", "name": {"en": "x"}, **wrong}), 422)
    error = problem["errors"][0]
    assert error["loc"][: len(loc)] == loc
    assert error["expected"]
    assert error["remedy"]


def test_to_let_a_gap_stay_is_not_to_assign_it(manager: Program) -> None:
    gap = said(manager.call("GET", "/gaps"))["rows"][0]
    address = f"/gaps/{gap['detector']}/{gap['key']}/answer"
    problem = problem_of(manager.call("POST", address, {"reply": "assigned", "reason": "Known", "version": 0}), 422)
    assert [error["field"] for error in problem["errors"]] == ["reply"]
    assert "accepted" in problem["errors"][0]["expected"]
