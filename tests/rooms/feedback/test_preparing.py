"""What a quality manager is told and may still change before a survey opens, and how its results come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from baton.core.models import AuditEntry
from baton.feedback.models import PublishedCell, SurveyInvitation, Wave
from baton.feedback.rules import Mode, WaveState, Way
from baton.feedback.rules.library import LIBRARY, asks_of_controls, asks_of_services, library_set_of
from tests.rooms.chain.test_pages import filled
from tests.rooms.feedback.answering import drawn, published, spread
from tests.rooms.feedback.asked import asking, closed, opened, prepared, written
from tests.world import World

if TYPE_CHECKING:
    from baton.feedback.models import Questionnaire

pytestmark = pytest.mark.django_db


def page(wave: Wave, more: str = "") -> str:
    return f"/surveys/{wave.public_id}/{more}"


def begun(world: World, key: str) -> Questionnaire:
    like = library_set_of(key)
    assert like is not None
    return written(world, name=like.name, contents=like.contents)


def test_sets_of_the_library_are_for_services_or_for_controls() -> None:
    assert [one.key for one in LIBRARY if asks_of_controls(one.contents)] == ["control_output"]
    assert not asks_of_services(next(one for one in LIBRARY if one.key == "control_output").contents)
    assert asks_of_services(next(one for one in LIBRARY if one.key == "internal_customer").contents)


@pytest.mark.parametrize(
    ("key", "fits", "wrong", "said"),
    [
        ("control_output", "control_lab", "laundry_ward", "items about audits and inspections"),
        ("internal_customer", "laundry_ward", "control_lab", "A verdict that nobody likes is no bad service"),
    ],
)
def test_questions_that_do_not_fit_a_link_are_told(
    world: World, key: str, fits: str, wrong: str, said: str
) -> None:  # fmt: skip
    lin, asked = world.client(world.lin_mei), begun(world, key)
    well = asking(world, prepared(world, questionnaire=asked, links=[getattr(world, fits)]), [world.wang_fang])
    both = [getattr(world, fits), getattr(world, wrong)]
    mixed = asking(world, prepared(world, questionnaire=asked, links=both), [world.wang_fang])
    for more in ("", "open/"):
        assert "Questions that do not fit some links" not in lin.get(page(well, more)).content.decode()
        shown = lin.get(page(mixed, more)).content.decode()
        assert said in shown
        assert "about 1 link" in shown or "ask them about 1 link" in shown


def test_way_of_asking_is_changed_until_it_opens(world: World, settings: Any) -> None:
    settings.SENDS_MAIL = True
    wave = asking(world, prepared(world), way=Way.MAIL)
    lin, address = world.client(world.lin_mei), page(wave, "ways/")
    assert "4 by e-mail, 0 in Baton" in lin.get(page(wave)).content.decode()
    assert lin.post(address, filled(lin, address, way="app"))["Location"] == page(wave)
    assert set(SurveyInvitation.objects.values_list("way", flat=True)) == {Way.APP}
    assert "0 by e-mail, 4 in Baton" in lin.get(page(wave)).content.decode()
    lin.post(address, filled(lin, address, way="mail"))
    mailed = SurveyInvitation.objects.filter(way=Way.MAIL)
    assert {one.person for one in mailed} == {
        one.person for one in SurveyInvitation.objects.all() if one.person.email
    }  # fmt: skip
    assert AuditEntry.objects.filter(action="wave.ways_chosen").count() == 2
    for bad in ("card", "", "pigeon"):
        assert lin.post(address, filled(lin, address, way=bad)).status_code == 422
    opened(world, wave)
    assert lin.get(address).status_code == 404
    for person in (world.he_jun, world.wu_tao, world.wang_fang):
        assert world.client(person).post(address, {"way": "app"}).status_code == 403


def test_way_of_asking_needs_people_and_an_anonymous_survey(world: World) -> None:
    lin = world.client(world.lin_mei)
    for wave in (prepared(world), asking(world, prepared(world, mode=Mode.NAMED))):
        assert "How it reaches people" not in lin.get(page(wave)).content.decode()
        answer = lin.post(page(wave, "ways/"), filled(lin, page(wave, "ways/"), way="app"))
        assert answer.status_code == 422
        assert "Choose the people first" in answer.content.decode()


def test_a_closed_survey_is_published_with_a_button(world: World) -> None:
    wave = drawn(world, spread(9), links=[world.laundry_ward])
    lin, address = world.client(world.lin_mei), page(wave, "publish/")
    assert "Publish the results now" not in lin.get(page(wave)).content.decode()
    early = lin.post(address, follow=True)
    assert "Expected a wave of another state" in early.content.decode()
    assert not PublishedCell.objects.exists()
    closed(world, wave)
    shown = lin.get(page(wave)).content.decode()
    assert "The results wait to be published" in shown
    assert "no figure will be shown" not in shown
    for person in (world.he_jun, world.wu_tao, world.wang_fang):
        assert world.client(person).post(address).status_code == 403
    assert "Publish the results now" not in world.client(world.he_jun).get(page(wave)).content.decode()
    assert lin.post(address)["Location"] == page(wave, "results/")
    wave.refresh_from_db()
    assert wave.state == WaveState.PUBLISHED
    assert page(wave, "results/") in lin.get(page(wave)).content.decode()


def test_who_publishes_is_told_that_nothing_will_be_shown(world: World) -> None:
    wave = closed(world, drawn(world, spread(3), links=[world.laundry_ward]))
    assert "Fewer than 5 sheets came: no figure will be shown." in world.client(world.lin_mei).get(
        page(wave)
    ).content.decode()  # fmt: skip


def test_page_of_a_questionnaire_lists_who_asked_it(world: World) -> None:
    asked = written(world)
    done = published(world, drawn(world, spread(9), links=[world.laundry_ward], questionnaire=asked))
    draft = prepared(world, questionnaire=asked, title={"en": "Winter"})
    other = prepared(world, title={"en": "Not this one"})
    path = f"/surveys/questionnaires/{asked.public_id}/"
    shown = world.client(world.lin_mei).get(path).content.decode()
    for wave in (done, draft):
        assert f'href="{page(wave)}"' in shown
    assert f'href="{page(done, "results/")}"' in shown
    assert other.number not in shown
    assert "Surveys that ask it" not in world.client(world.wang_fang).get(path).content.decode()


def test_studies_say_how_they_are_computed(world: World) -> None:
    reader = world.client(world.wang_fang)
    for name in ("reliability", "key-drivers", "importance-performance", "service-quality", "kano", "survey-scores",
                 "rater-effects"):  # fmt: skip
        assert "How to read it" in reader.get(f"/surveys/methods/{name}/").content.decode()
    assert reader.get("/surveys/methods/astrology/").status_code == 404
    assert world.client().get("/surveys/methods/kano/").status_code in (302, 401)
