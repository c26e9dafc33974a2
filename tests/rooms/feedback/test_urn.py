"""From an open wave to its answers: one sheet a token, sealed while it is open, cut into pieces when it closes."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from django.db import connection

from baton.core.errors import Refused
from baton.core.models import AuditEntry
from baton.feedback import changes, queries
from baton.feedback.changes import NoBallot, SheetFaults
from baton.feedback.changes.keys import destroy_keys, keys_of
from baton.feedback.models import AnswerSheet, Ballot, Envelope, SurveyComment, SurveyInvitation, UrnSheet
from baton.feedback.rules import Band, WaveState, Way
from baton.feedback.rules.sealing import opened_under
from tests.rooms.feedback.asked import asking, cards, cast, closed, letters, opened, prepared, slip
from tests.world import World

pytestmark = pytest.mark.django_db


def test_sheet_is_sealed_then_cut_into_a_piece_for_each_link(world: World) -> None:
    wave = opened(world)
    for token, rating in zip(cards(world, wave, 3), (5, 3, 1), strict=True):
        cast(wave, token, on_time=rating, better=f"words {rating}")
    assert b"on_time" not in b"".join(bytes(one.seal) for one in UrnSheet.objects.all())
    over = closed(world, wave)
    assert (over.state, over.answered) == (WaveState.CLOSED, 3)
    assert Counter(one.answers["on_time"] for one in AnswerSheet.objects.all()) == {5: 2, 3: 2, 1: 2}
    assert {one.band for one in AnswerSheet.objects.all()} == {Band.STAFF}
    assert all("better" not in one.answers for one in AnswerSheet.objects.all())
    assert Counter(SurveyComment.objects.values_list("words", flat=True)) == {f"words {n}": 2 for n in (1, 3, 5)}


def test_token_opens_one_sheet_once(world: World) -> None:
    wave = opened(world)
    token = cards(world, wave, 1)[0]
    ballot = slip(wave, token)
    cast(wave, token, on_time=4)
    assert queries.slip_of(wave=wave, typed=token) is None
    with pytest.raises(NoBallot):
        changes.cast_sheet(
            at=datetime.now(UTC), slip=ballot, answers={one.public_id: {"on_time": 1} for one, _band in ballot.links}
        )
    assert UrnSheet.objects.count() == 1


def test_token_of_another_wave_opens_nothing(world: World) -> None:
    wave, other = opened(world), opened(world)
    assert queries.slip_of(wave=other, typed=cards(world, wave, 1)[0]) is None


def test_refused_sheet_keeps_its_ballot(world: World) -> None:
    wave = opened(world)
    token = cards(world, wave, 1)[0]
    with pytest.raises(SheetFaults) as refused:
        cast(wave, token, on_time=9)
    assert {one.field for faults in refused.value.faults.values() for one in faults} == {"on_time"}
    cast(wave, token, on_time=5)
    assert UrnSheet.objects.count() == 1


def test_envelope_opens_for_its_person_alone(world: World) -> None:
    wave = opened(world)
    assert letters(world, wave) == []
    keys = keys_of(wave)
    assert keys is not None
    mine = queries.envelope_of(viewer=world.actor(world.chen_jie), wave=wave)
    assert mine is not None
    assert mine.person == world.chen_jie
    found = slip(wave, opened_under(bytes(mine.seal), keys.envelopes))
    assert {band for _link, band in found.links} == {Band.STAFF}
    assert queries.envelope_of(viewer=world.actor(world.gao_ming), wave=wave) is None


def test_letters_are_made_again_after_a_crash_and_nobody_has_two_that_count(world: World) -> None:
    wave = opened(world, asking(world, prepared(world), way=Way.MAIL))
    by, at = world.actor(world.lin_mei), datetime.now(UTC)
    first = letters(world, wave)
    for letter in first[:2]:
        changes.handed(by=by, at=at, letter=letter)
    again = letters(world, wave)
    assert {one.person.pk for one in again} == {one.person.pk for one in first[2:]}
    assert len({one.token for one in [*first, *again]}) == 6
    assert SurveyInvitation.objects.filter(handed_at__isnull=True).count() == 2


def test_wave_without_its_key_is_lost_and_says_so(world: World) -> None:
    wave = opened(world)
    cast(wave, cards(world, wave, 1)[0], on_time=4)
    destroy_keys(wave)
    over = closed(world, wave)
    assert (over.state, over.answered) == (WaveState.LOST, None)
    assert not AnswerSheet.objects.exists()
    assert not UrnSheet.objects.exists()


def test_submitting_leaves_no_entry_and_no_time(world: World) -> None:
    wave = opened(world)
    token = cards(world, wave, 1)[0]
    before = AuditEntry.objects.count()
    cast(wave, token, on_time=4)
    assert AuditEntry.objects.count() == before
    for table in (Ballot, UrnSheet, AnswerSheet, Envelope):
        kinds = {column.get_internal_type() for column in table._meta.concrete_fields}
        assert not kinds & {"DateTimeField", "DateField", "TimeField", "BigAutoField"}, table


def test_no_table_has_a_person_and_an_answer(world: World) -> None:
    """Row by row: what points to a person (or to whatever does, the wave left out) never also holds answers."""
    from django.apps import apps

    answers = {"feedback.AnswerSheet", "feedback.UrnSheet", "feedback.Ballot", "feedback.SurveyComment"}
    for model in apps.get_app_config("feedback").get_models():
        targets = {one.related_model for one in model._meta.concrete_fields if one.is_relation}
        labels = {one._meta.label for one in targets if isinstance(one, type)}
        if model._meta.label in answers:
            assert labels <= {"feedback.Wave", "feedback.WaveLink"}, model
        else:
            assert not labels & answers, model


def test_ballots_are_not_in_the_order_of_invitations(world: World) -> None:
    wave = opened(world)
    tokens = cards(world, wave, 200)
    from baton.feedback.rules.tokens import digest_of

    place = {digest_of(token, wave.public_id): number for number, token in enumerate(tokens)}
    row = "rowid" if connection.vendor == "sqlite" else "ctid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT digest FROM feedback_ballot ORDER BY {row}")
        stored = [place[digest] for (digest,) in cursor.fetchall()]
    same = sum(1 for one, other in zip(stored, range(200), strict=True) if one == other)
    assert same < 20
    assert stored != list(range(200))


def test_open_wave_stands_still(world: World) -> None:
    wave = opened(world)
    by, at = world.actor(world.lin_mei), datetime.now(UTC)
    for change in ({"mode": "named"}, {"title": {"en": "Other"}}, {"least": 4}):
        with pytest.raises(Refused):
            changes.change_wave(by=by, at=at, wave=wave, **change)
    assert changes.change_wave(by=by, at=at, wave=wave, least=8, least_comments=12).least == 8
    with pytest.raises(Refused):
        changes.change_wave(by=by, at=at, wave=wave, least=7)


def test_only_the_quality_manager_runs_waves(world: World) -> None:
    wave = asking(world, prepared(world))
    for person in (world.he_jun, world.wu_tao, world.sun_yan, world.qian_li, world.wang_fang, world.tom_reed):
        with pytest.raises(Refused) as refused:
            changes.open_wave(by=world.actor(person), at=datetime.now(UTC), wave=wave)
        assert refused.value.status == 403
