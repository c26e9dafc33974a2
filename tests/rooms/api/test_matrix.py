"""Every call of the API with a token of every person of the test world, of every scope, and without one.

The calls are read from the API itself: one that is added is looked at without being named here. What a person may is
said once, in the module of its subject in ``matrix.parts``, in the words of the rooms' policies; a call for which
nothing is said fails the test.

The whole run makes each call for one of those who may make it and for two of those to whom each of its refusals is due;
who these are goes round from call to call. ``--exhaustive`` makes every call for everybody.
"""

from __future__ import annotations

from functools import partial

import pytest
from ninja import Router

from baton.core import changes, policy, registries
from baton.core.api import limits
from baton.core.api.door import ANY_SCOPE, ApiRequest
from baton.core.api.endpoints import reads
from baton.core.api.schemas import Shown
from baton.core.models import Person
from baton.core.rules import Role
from tests.api import ALL_SCOPES, Program, said, token_for
from tests.exhaustive import in_turn
from tests.rooms.api.matrix.answers import READS, WRITES, Matrix, expected, said_twice
from tests.rooms.api.matrix.calls import Call, calls, undecided
from tests.rooms.api.matrix.people import GUESTS
from tests.world import NOON, PEOPLE, SYSTEM, World


@pytest.fixture
def matrix(world: World) -> Matrix:
    return Matrix.of(world)


def test_every_call_has_a_scope_and_a_policy() -> None:
    assert len(calls()) >= 20
    assert undecided(calls()) == []


def test_of_every_call_it_is_said_once_who_may() -> None:
    assert said_twice() == []
    assert {call.name for call in calls()} == {*READS, *WRITES}
    assert READS.keys().isdisjoint(WRITES)


def test_calls_that_write_have_a_scope_of_their_own_and_a_key() -> None:
    for call in calls():
        assert call.door.writes is (call.method != "GET"), call.name
        assert call.door.scope.endswith(":write") is call.door.writes, call.name


def test_a_planted_call_without_scope_is_noticed() -> None:
    router = Router()

    @router.get("/bare")
    def bare(request: ApiRequest) -> None: ...

    @reads(router, "/other", scope="nobody:knows", may=policy.is_signed_in, response=Shown, summary="")
    def other(request: ApiRequest) -> None: ...

    planted = [
        Call(name, "GET", path, next(iter(view.operations[0].auth_callbacks), None))
        for path, view in router.path_operations.items()
        for name in [view.operations[0].view_func.__name__]
    ]
    assert undecided(planted) == ["bare", "other"]


@pytest.mark.slow
@pytest.mark.sqlite
def test_every_call_for_everybody(world: World, matrix: Matrix) -> None:
    """All cells as the policies say."""
    wrong = {}
    programs = {who: Program(token_of(world, who)) for who in PEOPLE}
    for call in calls():
        for who in in_turn(call.name, programs, partial(least, call), {200: 1, 403: 2, 404: 2, 422: 2}):
            status = matrix.answer_to(call, programs[who]).status_code
            if status not in expected(call, who):
                wrong[f"{call.name} for {who}"] = (status, expected(call, who))
    assert wrong == {}


def least(call: Call, who: str) -> int:
    """The status that is expected, of several the least: 200 for whoever may make the call."""
    return min(expected(call, who))


def token_of(world: World, who: str) -> str:
    person: Person = getattr(world, who)
    return guests_token(person) if who in GUESTS else token_for(person)


def guests_token(guest: Person) -> str:
    """A token that somebody made before he became a guest."""
    from baton.core.actors import Actor
    from baton.core.changes import make_token

    return make_token(by=Actor(guest, frozenset(), "test"), at=NOON, name="old", scopes=ALL_SCOPES, days=365)[1]


OF_THEIR_AUTHOR = {
    "withdraw_proposal", "withdraw_opinion", "say_opinion", "consent_to_the_rest", "fulfil_promise", "see_promise",
    "take_back_fulfilment", "say_employee_need", "judge_employee_need", "withdraw_employee_need",
    "give_department_grade", "reply_to_department_grade", "read_grade_promise", "finish_grade_promise",
}  # fmt: skip
"""Calls that nobody makes for somebody else, whatever his roles: the author of the record, who was asked, who promised
and whom it was promised, who belongs to a department and needs something there, who speaks for it or sees to
what it promised. Some of these
records the quality manager does not see."""


@pytest.mark.slow
@pytest.mark.sqlite
def test_every_call_with_tokens_of_every_scope(world: World, matrix: Matrix) -> None:
    """The quality manager, who also administers here, comes in with the scope of the call alone, and is refused with
    all scopes but that one; what every token may, each of them may."""
    changes.give_role(by=SYSTEM, at=NOON, person=world.lin_mei, role=Role.ADMINISTRATOR)
    scopes = {name for name, _words in registries.api_scopes}
    assert scopes == set(ALL_SCOPES)
    alone = {scope: Program(token_for(world.lin_mei, scope)) for scope in scopes}
    without = {scope: Program(token_for(world.lin_mei, *scopes - {scope})) for scope in scopes}
    wrong = {}
    for call in calls():
        of_author = call.name in OF_THEIR_AUTHOR
        for scope in scopes if call.door.scope == ANY_SCOPE else {call.door.scope}:
            status = matrix.answer_to(call, alone[scope]).status_code
            if not (status in {403, 404, 422} if of_author else status < 300):
                wrong[f"{call.name} with {scope}"] = status
        if call.door.scope != ANY_SCOPE:
            status = matrix.answer_to(call, without[call.door.scope]).status_code
            if status != 403:
                wrong[f"{call.name} without {call.door.scope}"] = status
    assert wrong == {}


@pytest.mark.sqlite
def test_every_call_without_a_token_and_with_a_dead_one(world: World, matrix: Matrix) -> None:
    dead = token_for(world.lin_mei)
    changes.disable_person(by=SYSTEM, at=NOON, person=world.lin_mei)
    for program in (Program(), Program(dead)):
        answers = {}
        for call in calls():
            limits.wrong_tokens.clear()
            answers[call.name] = matrix.answer_to(call, program)
        assert {answer.status_code for answer in answers.values()} == {401}
        # B075: nothing says whether what was asked for exists
        assert len({said(answer)["detail"] for answer in answers.values()}) == 1


@pytest.mark.sqlite
def test_lists_show_each_person_only_what_he_may_read(world: World) -> None:
    """Every row of every list can be read by itself, and nothing that can be read is missing from its list."""
    whole = {
        kind: {row["id"] for row in said(Program(token_for(world.lin_mei)).get(f"/{kind}?limit=200"))["rows"]}
        for kind in ("parties", "links", "memberships", "outputs")
    }
    for who in ("chen_jie", "he_ping", "ivy_stone", "wang_fang", "sun_yan"):
        program = Program(token_for(getattr(world, who)))
        for kind, everything in whole.items():
            listed = {row["id"] for row in said(program.get(f"/{kind}?limit=200"))["rows"]}
            readable = {one for one in everything if program.get(f"/{kind}/{one}").status_code == 200}
            assert listed == readable, f"{kind} of {who}"
