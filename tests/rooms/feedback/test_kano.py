"""Needs are classed as Kano does, from the sheet to the published results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from baton.feedback.models import PublishedCell, PublishedStudy
from baton.feedback.rules.library import library_set_of
from tests.rooms.feedback.answering import answered, published
from tests.rooms.feedback.asked import written

if TYPE_CHECKING:
    from tests.world import World

pytestmark = pytest.mark.django_db


def test_what_must_be_and_what_delights_stands_on_the_page_of_the_results(world: World) -> None:
    like = library_set_of("kano_service")
    assert like is not None
    must, delights = [one.key for one in like.contents.questions() if one.kind == "kano"][:2]
    said = {must: {"functional": 2, "dysfunctional": 5}, delights: {"functional": 1, "dysfunctional": 3}}
    other = {key: {"functional": 3, "dysfunctional": 2} for key in (must, delights)}
    asked = written(world, name=like.name, contents=like.contents)
    wave = published(world, answered(world, {world.laundry_ward: [said] * 28 + [other] * 4}, questionnaire=asked))
    found = {one.subject: one.result for one in PublishedStudy.objects.filter(wave=wave, study="kano")}
    assert {one["name"]: one["category"] for one in found[""]["rows"]} == {must: "M", delights: "A"}
    assert not PublishedCell.objects.filter(wave=wave, column__startswith=must).exists()
    text = world.client(world.lin_mei).get(f"/surveys/{wave.public_id}/results/").content.decode()
    assert "Taken for granted" in text
    assert "Delights" in text


def test_what_everybody_answered_alike_is_classed_as_nothing(world: World) -> None:
    like = library_set_of("kano_service")
    assert like is not None
    first, second = [one.key for one in like.contents.questions() if one.kind == "kano"][:2]
    halves = [{"functional": 2, "dysfunctional": 5}, {"functional": 1, "dysfunctional": 5}]
    mixed = [{"functional": 2, "dysfunctional": 5}, {"functional": 1, "dysfunctional": 3}]
    said = [{first: halves[n % 2], second: mixed[n % 2]} for n in range(32)]
    asked = written(world, name=like.name, contents=like.contents)
    wave = published(world, answered(world, {world.laundry_ward: said}, questionnaire=asked))
    found = {one.subject: one.result for one in PublishedStudy.objects.filter(wave=wave, study="kano")}
    assert [one["name"] for one in found[""]["rows"]] == [second]
