"""Unusual words and tokens are sent through a survey; afterwards they stand where they belong and nowhere else: not in
files, free pages and logs of the databases, sessions, tasks, messages, the audit trail, backups, the program's log."""

from __future__ import annotations

import logging
import secrets
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models

from baton.core.backup import backup
from baton.feedback import queries
from baton.feedback.changes.keys import folder, keys_of
from baton.feedback.models import AnswerSheet, Ballot, Envelope, SurveyComment, UrnSheet, Wave
from baton.feedback.rules import Way
from baton.feedback.rules.sealing import opened_under
from baton.feedback.rules.tokens import spelled
from tests import world as hospital
from tests.databases import Databases
from tests.rooms.feedback.asked import asking, cast, closed, letters, opened, prepared
from tests.trust.survey_dump import files, words_in
from tests.world import World

URN = (Ballot, Envelope, UrnSheet, AnswerSheet)


def tokens_of(world: World, way: Way) -> tuple[Wave, list[str]]:
    """An open wave and the tokens of those who are asked, by letter or from their envelopes."""
    wave = opened(world, asking(world, prepared(world), way=way))
    found = [letter.token for letter in letters(world, wave)]
    keys = keys_of(wave)
    assert keys is not None
    for person in (world.wang_fang, world.zhou_min, world.chen_jie, world.sun_lei):
        if (mine := queries.envelope_of(viewer=world.actor(person), wave=wave)) is not None:
            found.append(opened_under(bytes(mine.seal), keys.envelopes))
    assert len(found) == 4
    return wave, found


@pytest.mark.parametrize("way", [Way.MAIL, Way.APP])
def test_words_and_tokens_stand_where_they_belong_and_nowhere_else(
    committed_db: Databases, tmp_path: Path, caplog: pytest.LogCaptureFixture, way: Way
) -> None:
    caplog.set_level(logging.DEBUG)
    world = hospital.build()
    wave, tokens = tokens_of(world, way)
    words = [f"canary-{secrets.token_hex(12)}" for _ in tokens]
    door = f"/s/{wave.public_id}/"
    signed_in = world.client(world.chen_jie)
    for number, (token, said) in enumerate(zip(tokens, words, strict=True)):
        if number % 2:
            cast(wave, token, on_time=4, better=said)
            continue
        links = wave.links.values_list("public_id", flat=True)
        given = {f"{link}.on_time": "4" for link in links} | {f"{link}.better": said for link in links}
        assert signed_in.post(door, {"code": token, "send": "1", **given}).status_code == 302
    secret = [*words, *tokens, *(spelled(token) for token in tokens)]
    while_open = backup(tmp_path / "open.tar")
    assert words_in(committed_db, secret, more=[while_open]) == set()
    seals = [bytes(one.seal)[:40] for table in (Ballot, Envelope, UrnSheet) for one in table.objects.all()]
    assert len(seals) == {Way.MAIL: 4, Way.APP: 8}[way]
    closed(world, wave)
    found = words_in(committed_db, secret)
    assert {one for one, _place in found} == set(words)
    comments = SurveyComment._meta.db_table
    own = {comments, *places_of(comments, committed_db)}
    assert {place for _one, place in found if not place.startswith("pg_wal/")} <= own
    assert not [one for one in secret if one in caplog.text]
    held = {name: contents for name, contents in files(committed_db).items() if "pg_wal" not in name}
    assert not [name for name, contents in held.items() if any(seal in contents for seal in seals)]
    assert list(folder().iterdir()) == []
    assert words_in(committed_db, secret[len(words) :], more=[backup(tmp_path / "after.tar")]) == set()


def places_of(table: str, databases: Databases) -> set[str]:
    """The files in which the rows of a table lie: on SQLite the one file of all (not its log, which was folded), on
    PostgreSQL the table's own; its words stand in the server's log, too, which renames its files as it pleases."""
    if connection.vendor == "sqlite":
        file = Path(databases.names["default"])
        return {f"{file.parent.name}/{file.name}"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_filepath(%s)", [table])
        return {cursor.fetchone()[0].removeprefix("base/")}


@pytest.mark.django_db
def test_no_table_of_the_urn_has_a_time_a_count_or_a_person_beside_an_answer() -> None:
    """Declared and hidden: no column of a time, none that counts up, no sequence, nothing that points to both."""
    for table in URN:
        columns = list(table._meta.concrete_fields)
        assert not [one for one in columns if isinstance(one, models.DateField | models.TimeField | models.AutoField)]
        assert not [one for one in columns if one.get_internal_type() in {"DurationField", "PositiveIntegerField"}]
        with connection.cursor() as cursor:
            described = connection.introspection.get_table_description(cursor, table._meta.db_table)
            assert {one.name for one in described} == {one.column for one in columns}
            if connection.vendor == "postgresql":
                assert not connection.introspection.get_sequences(cursor, table._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            assert cursor.execute("PRAGMA secure_delete").fetchone() == (1,)
            cursor.execute("SELECT name FROM sqlite_schema WHERE sql LIKE '%AUTOINCREMENT%'")
            assert not {name for (name,) in cursor.fetchall()} & {table._meta.db_table for table in URN}
        else:
            cursor.execute("SHOW track_commit_timestamp")
            assert cursor.fetchone() == ("off",)


@pytest.mark.django_db
def test_no_path_of_foreign_keys_leads_from_a_person_to_an_answer_row_by_row() -> None:
    """Whatever way one takes from row to row, forward and backward, but through what is the same for all who were
    asked (the wave and its links, from which one comes to everybody)."""
    shared = {"feedback.Wave", "feedback.WaveLink"}
    reached, edge = set(), [apps.get_model("feedback.AnswerSheet"), apps.get_model("feedback.UrnSheet"),
                            apps.get_model("feedback.Ballot"), apps.get_model("feedback.SurveyComment")]  # fmt: skip
    while edge:
        model = edge.pop()
        if model._meta.label in reached | shared:
            continue
        reached.add(model._meta.label)
        edge += [one.related_model for one in model._meta.get_fields(include_hidden=True) if one.is_relation
                 and isinstance(one.related_model, type)]  # fmt: skip
    assert reached == {"feedback.AnswerSheet", "feedback.UrnSheet", "feedback.Ballot", "feedback.SurveyComment"}
