"""Every address about comments x person: who gets in, who is refused, for whom there is nothing."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import get_resolver

from baton.core.attachments.keeping import kept_files
from baton.core.discussions import changes
from tests.rooms.chain.test_policy import OF_THE_WARD, OVERSEERS, PEOPLE, outcome
from tests.rooms.core.test_attachments import sent
from tests.world import NOON, World

SEES = frozenset(OVERSEERS | OF_THE_WARD | {"zhao_lei"})
WRITES = SEES - {"wu_tao"}
AUTHOR = frozenset({"chen_jie"})
REMOVES = frozenset({"chen_jie", "lin_mei"})


def addresses(world: World) -> dict[str, tuple[str, str, frozenset[str]]]:
    """Route and method -> (address, method, who gets in). About the link Laundry > Ward 3, said by Chen Jie."""
    about = world.laundry_ward.public_id
    with kept_files([sent("a.txt", b"x")]) as files:
        said = changes.add_comment(
            by=world.actor(world.chen_jie), at=NOON, kind="link", public_id=about, words="The bags.", files=files
        )
    file = said.attachments.get().public_id
    discussion, comment = f"/discussions/link/{about}/", f"/comments/{said.public_id}/"
    return {
        "discussion": (discussion, "get", SEES),
        "discussion, sent": (discussion, "post", WRITES),
        "follow": (f"{discussion}follow/", "post", WRITES),
        "mention_suggestions": (f"{discussion}people/?q=zhao", "get", WRITES),
        "comment": (comment, "get", SEES),
        "edit_comment": (f"{comment}edit/", "get", AUTHOR),
        "edit_comment, sent": (f"{comment}edit/", "post", AUTHOR),
        "withdraw_comment": (f"{comment}withdraw/", "get", REMOVES),
        "withdraw_comment, sent": (f"{comment}withdraw/", "post", REMOVES),
        "attachment": (f"/attachments/{file}/", "get", SEES),
        "remove_attachment": (f"/attachments/{file}/withdraw/", "post", REMOVES),
    }


def expected(route: str, person: str, may: frozenset[str]) -> str:
    if person == "stranger":
        return "sign in"
    if person in may:
        return "in"
    if person == "tom_reed":
        return "forbidden"
    # the list under an @ says nothing of its own to who may not mention anybody
    return "forbidden" if person in SEES and route != "mention_suggestions" else "not found"


@pytest.mark.sqlite
def test_nobody_gets_further_than_the_policy_says(world: World) -> None:
    unexpected = []
    clients = {key: world.client(None if key == "stranger" else getattr(world, key)) for key in PEOPLE}
    for route, (address, method, may) in addresses(world).items():
        for person, client in clients.items():
            with transaction.atomic():
                answer = getattr(client, method)(address)
                transaction.set_rollback(True)
            signed_out = not answer.streaming and b"You were signed out" in answer.content
            came = outcome(answer.status_code, answer.headers.get("Location", ""), signed_out=signed_out)
            if came != expected(route, person, may):
                unexpected.append(f"{route} by {person}: {came}, expected {expected(route, person, may)}")
    assert unexpected == []


def test_every_route_about_comments_stands_in_the_matrix(world: World) -> None:
    found = {
        pattern.name
        for resolver in get_resolver().url_patterns
        if getattr(resolver, "app_name", "") == "core"
        for pattern in resolver.url_patterns
        if getattr(pattern.callback, "__module__", "").endswith((".views.discussions", ".views.attachments"))
    }
    assert found == {route.split(",")[0] for route in addresses(world)}
