"""Surveys as programs run them: from the way of asking to the published results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from baton.chain.models import Link
from baton.core.models import AuditEntry
from baton.feedback.models import PublishedCell, SurveyInvitation
from baton.feedback.rules import Mode, Way
from baton.feedback.rules import waves as rules
from tests.api import Program, said, token_for
from tests.rooms.feedback.answering import answered, people, spread
from tests.rooms.feedback.asked import asking, closed, prepared

if TYPE_CHECKING:
    from tests.world import World


def test_way_of_asking_is_set_until_it_opens(world: World, settings: Any) -> None:
    settings.SENDS_MAIL = True
    wave = asking(world, prepared(world), [world.wang_fang, *people(2)], way=Way.APP)
    program = Program(token_for(world.lin_mei))
    address = f"/surveys/{wave.public_id}"
    before = said(program.get(address))
    assert before["by_mail"] == 0
    told = said(program.call("PUT", f"{address}/way", {"way": "mail", "version": before["version"]}))
    assert told["by_mail"] == SurveyInvitation.objects.filter(way=Way.MAIL).count() == 2
    assert program.call("PUT", f"{address}/way", {"way": "card", "version": told["version"]}).status_code == 422
    opened = said(program.post(f"{address}/open", {"version": told["version"]}))
    late = program.call("PUT", f"{address}/way", {"way": "app", "version": opened["version"]})
    assert late.status_code == 422
    assert AuditEntry.objects.filter(action="wave.ways_chosen").count() == 1


def test_all_links_are_chosen_without_a_party(world: World) -> None:
    wave, program = prepared(world), Program(token_for(world.lin_mei))
    told = said(program.call("PUT", f"/surveys/{wave.public_id}/links", {"rule": "all", "version": wave.changed_seq}))
    assert told["links"] == Link.objects.filter(ended_on=None).count()
    lacking = {"rule": "supplier", "version": told["version"]}
    assert program.call("PUT", f"/surveys/{wave.public_id}/links", lacking).status_code == 422


def test_a_named_survey_has_no_way_to_choose(world: World) -> None:
    wave, program = asking(world, prepared(world, mode=Mode.NAMED)), Program(token_for(world.lin_mei))
    refused = program.call("PUT", f"/surveys/{wave.public_id}/way", {"way": "mail", "version": wave.changed_seq})
    assert refused.status_code == 422
    assert "way" in refused.content.decode()


def test_a_closed_survey_is_published_once(world: World) -> None:
    wave = closed(world, answered(world, {world.laundry_ward: spread(12)}))
    program, address = Program(token_for(world.lin_mei)), f"/surveys/{wave.public_id}/publish"
    assert program.post(address, {"version": wave.changed_seq - 1}).status_code == 409
    assert not PublishedCell.objects.exists()
    first = program.post(address, {"version": wave.changed_seq}, key="published-once")
    again = program.post(address, {"version": wave.changed_seq}, key="published-once")
    assert (said(first)["state"], again["Idempotent-Replayed"]) == ("published", "true")
    shown = said(program.get(f"/survey-results/{wave.public_id}"))
    assert shown["wave"]["answered"] == 12
    refused = program.post(address, {"version": said(first)["version"]})
    assert refused.status_code == 422
    assert PublishedCell.objects.filter(wave=wave, column="on_time", grouping="whole").count() == 1


def test_an_open_survey_and_a_very_large_one_are_not_published_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave, program = answered(world, {world.laundry_ward: spread(12)}), Program(token_for(world.lin_mei))
    address = f"/surveys/{wave.public_id}/publish"
    assert program.post(address, {"version": wave.changed_seq}).status_code == 422
    over = closed(world, wave)
    monkeypatch.setattr("baton.feedback.changes.publishing.PUBLISHED_AT_ONCE", 0)
    refused = program.post(address, {"version": over.changed_seq})
    assert (refused.status_code, rules.PUBLISHED_AT_ONCE) == (422, 100)
    assert "worker" in refused.content.decode()
    assert not PublishedCell.objects.exists()
