"""Pages, tables and exports of published results: who sees what, and that nobody filters his way to a person."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from baton.core.errors import Refused
from baton.core.models import AuditEntry
from baton.feedback import changes
from baton.feedback.models import CommentState, SurveyComment
from baton.feedback.rules import contents_of
from baton.feedback.rules.published import COLUMNS
from tests.rooms.feedback.answering import answered, people, published, spread
from tests.rooms.feedback.asked import closed, document, written
from tests.world import World

if TYPE_CHECKING:
    from baton.feedback.models import Wave

pytestmark = pytest.mark.django_db


def results(world: World, **more: object) -> Wave:
    """A published wave: enough about the linen and the used linen, too few about the doses."""
    given = {world.laundry_ward: spread(16), world.pharmacy_ward: spread(3), world.ward_laundry: spread(14)}
    for link in (world.laundry_ward, world.ward_laundry):
        given[link] = [{**one, "better": f"Words {number}"} for number, one in enumerate(given[link])]
    return published(world, answered(world, given, **more))


def page(world: World, person: object, path: str) -> tuple[int, str]:
    """The status and the text of a page."""
    answer = world.client(person).get(path)  # type: ignore[arg-type]
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, body.decode(errors="replace")


def test_figures_stand_with_interval_and_reason(world: World) -> None:
    wave = results(world)
    status, text = page(world, world.lin_mei, f"/surveys/{wave.public_id}/results/")
    assert status == 200
    assert "What is handed over comes on time." in text
    assert "n = 33" in text
    few = page(world, world.lin_mei, f"/surveys/{wave.public_id}/results/?link={world.pharmacy_ward.public_id}")[1]
    assert "not shown: fewer than 5 answers" in few
    hidden = page(world, world.lin_mei, f"/surveys/{wave.public_id}/results/?supplier={world.ward.public_id}")[1]
    assert "not shown: protects others" in hidden or "n = 14" in hidden


def test_link_results_for_those_who_see_the_link(world: World) -> None:
    wave = results(world)
    address = f"/surveys/{wave.public_id}/results/"
    of_link = f"{address}?link={world.laundry_ward.public_id}"
    for person in (world.lin_mei, world.he_jun, world.wu_tao, world.chen_jie, world.zhao_lei, world.wang_fang):
        assert page(world, person, of_link)[0] == 200, person
    for person in (world.tom_reed, world.ivy_stone, world.he_ping):
        assert page(world, person, of_link)[0] == 404, person
    # All answers together are for who sees waves: others get the first link that they see.
    assert "The whole wave" in page(world, world.he_jun, address)[1]
    assert "The whole wave" not in page(world, world.zhao_lei, address)[1]
    # Who sees all that a supplier hands over sees its figures; the band of all answers is of the whole wave.
    assert page(world, world.zhao_lei, f"{address}?supplier={world.laundry.public_id}")[0] == 200
    assert page(world, world.zhao_lei, f"{address}?band=lead")[0] == 404


def test_only_groups_of_the_cube_can_be_asked_for(world: World) -> None:
    """B056: filters that together isolate one person."""
    wave = results(world)
    values = {
        "supplier": world.laundry.public_id, "customer": world.ward.public_id,
        "link": world.laundry_ward.public_id, "band": "lead",
    }  # fmt: skip
    allowed = {frozenset(columns) for columns in COLUMNS.values()}
    for count in range(5):
        for names in combinations(values, count):
            query = "&".join(f"{name}={values[name]}" for name in names)
            status, text = page(world, world.lin_mei, f"/surveys/{wave.public_id}/results/?{query}")
            if frozenset(names) in allowed:
                assert status == 200, names
            else:
                assert status == 400, names
                assert "Other groups are not published" in text
    for query in ("link=nothing", "band=boss", f"link={world.lab_ward.public_id}", "supplier=%27%20OR%201=1"):
        assert page(world, world.lin_mei, f"/surveys/{wave.public_id}/results/?{query}")[0] == 404, query


def test_nothing_is_shown_before_it_is_published(world: World) -> None:
    wave = closed(world, answered(world, {world.laundry_ward: spread(9)}))
    assert page(world, world.lin_mei, f"/surveys/{wave.public_id}/results/")[0] == 404
    assert "No results yet" in page(world, world.lin_mei, "/surveys/results/")[1]


def test_table_holds_published_figures_and_reasons_only(world: World) -> None:
    wave = results(world)
    status, text = page(world, world.lin_mei, f"/surveys/{wave.public_id}/results/export.csv")
    assert status == 200
    lines = text.splitlines()
    assert any("fewer than 5 answers" in line for line in lines)
    assert "Words" not in text
    mine = page(world, world.xu_jing, f"/surveys/{wave.public_id}/results/export.csv")[1]
    assert "Laundry" not in mine.replace("Laundry → ", "") or len(mine.splitlines()) < len(lines)
    assert page(world, world.ivy_stone, f"/surveys/{wave.public_id}/results/export.csv")[0] == 404
    book = world.client(world.lin_mei).get(f"/surveys/{wave.public_id}/results/export.csv?format=xlsx")
    assert book.status_code == 200


def test_collector_takes_sheets_without_names_and_nobody_else(world: World) -> None:
    wave = answered(world, {world.laundry_ward: spread(6)}, collector=world.tom_reed)
    address = f"/surveys/{wave.public_id}/sheets.csv"
    assert page(world, world.tom_reed, address)[0] == 404
    published(world, wave)
    status, text = page(world, world.tom_reed, address)
    assert status == 200
    assert len(text.splitlines()) == 7
    assert "Rater" not in text
    for person in (world.lin_mei, world.he_jun, world.wu_tao, world.sun_yan, world.zhao_lei, world.ivy_stone):
        assert page(world, person, address)[0] == 404, person


def test_comments_are_passed_or_withheld_before_anybody_reads_them(world: World) -> None:
    wave = results(world)
    address = f"/surveys/{wave.public_id}/comments/"
    assert "Words 3" in page(world, world.lin_mei, address)[1]
    for person in (world.he_jun, world.wu_tao, world.zhao_lei, world.ivy_stone, world.tom_reed):
        assert page(world, person, address)[0] == 404, person
    link = f"/surveys/{wave.public_id}/results/?link={world.laundry_ward.public_id}"
    assert "Words" not in page(world, world.chen_jie, link)[1]
    one, other = SurveyComment.objects.filter(wave=wave, wave_link__link=world.laundry_ward)[:2]
    client = world.client(world.lin_mei)
    assert client.post(f"/surveys/comments/{one.public_id}/pass/").status_code == 302
    assert one.words in page(world, world.chen_jie, link)[1]
    refused = client.post(f"/surveys/comments/{other.public_id}/withhold/", {"reason": ""})
    assert refused.status_code == 422
    assert client.post(f"/surveys/comments/{other.public_id}/withhold/", {"reason": "A name"}).status_code == 302
    other.refresh_from_db()
    assert (other.state, other.withheld_because) == (CommentState.WITHHELD, "A name")
    assert all(one.words not in entry.body for entry in AuditEntry.objects.filter(kind="survey_comment"))


def test_comments_of_few_sheets_are_read_by_nobody(world: World) -> None:
    wave = published(world, answered(world, {world.laundry_ward: [{**one, "better": "Secret"} for one in spread(9)]}))
    assert "Secret" not in page(world, world.lin_mei, f"/surveys/{wave.public_id}/comments/")[1]
    comment = SurveyComment.objects.filter(wave=wave)[0]
    with pytest.raises(Refused):
        changes.pass_comment(by=world.actor(world.lin_mei), at=datetime.now(UTC), comment=comment)


def test_collector_passes_comments_in_place_of_the_quality_manager(world: World) -> None:
    wave = results(world, collector=world.tom_reed)
    address = f"/surveys/{wave.public_id}/comments/"
    assert "Words 3" in page(world, world.tom_reed, address)[1]
    assert page(world, world.lin_mei, address)[0] == 404


def test_supplier_predicts_and_both_ends_stand_beside_each_other(world: World) -> None:
    wave = answered(world, {world.laundry_ward: spread(16), world.ward_laundry: spread(14)})
    address = f"/surveys/{wave.public_id}/predict/{world.laundry_ward.public_id}/"
    for person in (world.chen_jie, world.he_jun, world.ivy_stone, world.gao_ming):
        assert page(world, person, address)[0] in {403, 404}, person
    client = world.client(world.zhao_lei)
    assert address in page(world, world.zhao_lei, f"/links/{world.laundry_ward.public_id}/")[1]
    assert "1 to 5" in client.post(address, {"predicted": "9"}).content.decode()
    assert client.post(address, {"predicted": "4.5"}).status_code == 302
    over = published(world, wave)
    shown = page(world, world.zhao_lei, f"/surveys/{over.public_id}/results/?link={world.laundry_ward.public_id}")[1]
    assert "Gap between both ends" not in shown  # a question that nobody answered is not shown, so there is no mean
    assert "4.5" in shown
    assert page(world, world.zhao_lei, address)[0] == 404


def test_results_stand_on_the_pages_of_link_and_party(world: World) -> None:
    wave = results(world)
    link = page(world, world.chen_jie, f"/links/{world.laundry_ward.public_id}/")[1]
    assert f"/surveys/{wave.public_id}/results/?link=" in link
    party = page(world, world.zhao_lei, f"/parties/{world.laundry.public_id}/")[1]
    assert f"/surveys/{wave.public_id}/results/?supplier=" in party


def test_waves_of_one_questionnaire_stand_beside_each_other(world: World) -> None:
    first = results(world)
    given = {world.laundry_ward: spread(26), world.ward_laundry: spread(21)}
    second = published(world, answered(world, given, prefix="t", questionnaire=first.questionnaire))
    text = page(world, world.lin_mei, f"/surveys/{second.public_id}/results/")[1]
    assert "From survey to survey" in text
    assert first.number in text


def test_named_wave_is_published_with_raters_but_no_name(world: World) -> None:
    raw = document()
    raw["sections"][0]["questions"][1]["required"] = True
    links = [world.laundry_ward, world.pharmacy_ward, world.lab_ward]
    crowd = people(12, "named")
    wave = named_wave(world, links, crowd, contents_of(raw))
    text = page(world, world.lin_mei, f"/surveys/{wave.public_id}/results/")[1]
    assert "This survey was answered by name." in text
    assert "Mild and severe raters" in text
    assert "Rater named" not in text


def named_wave(world: World, links: list, crowd: list, contents: object) -> Wave:
    """A wave answered by name: everybody about all links, published."""
    from baton.feedback.changes import Asked
    from baton.feedback.rules import Band, Mode, Way
    from tests.rooms.feedback.asked import opened, prepared

    wave = prepared(world, links=links, mode=Mode.NAMED, questionnaire=written(world, contents=contents))
    own = list(wave.links.all())
    asked = [Asked(one, dict.fromkeys(own, Band.STAFF), Way.APP) for one in crowd]
    changes.invite_people(by=world.actor(world.lin_mei), at=datetime.now(UTC), wave=wave, asked=asked)
    wave = opened(world, wave)
    for place, person in enumerate(crowd):
        answers = {
            link.public_id: {"on_time": 1 + (place * 3 + number) % 5, "complete": 1 + (place + number * 2) % 5}
            for number, link in enumerate(own)
        }
        changes.answer_by_name(by=world.actor(person), at=datetime.now(UTC), wave=wave, answers=answers)
    return published(world, wave)
