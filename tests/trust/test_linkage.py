"""Who holds everything that the installation keeps does no better than chance at saying who answered what.

The short form has 60 people in one wave; ``--exhaustive`` has 200 in each of three waves. A run in which the attacker
is lucky at 99 % is repeated, at most four times: whoever reads a real trace is lucky each time.
"""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from baton.core.backup import backup
from baton.core.changes import add_person
from baton.core.models import AuditEntry, Person
from baton.feedback import changes, queries
from baton.feedback.changes import Asked
from baton.feedback.changes.keys import keys_of
from baton.feedback.models import AnswerSheet, Ballot, Envelope, SurveyComment, SurveyInvitation, Wave
from baton.feedback.rules import Band, Way, contents_of
from baton.feedback.rules.sealing import opened_under
from tests import world as hospital
from tests.databases import Databases
from tests.exhaustive import exhaustive
from tests.rooms.feedback.asked import closed, opened, prepared, slip, written
from tests.trust.survey_attack import Score, attack, neighbours
from tests.trust.survey_dump import rows_of, traces_of
from tests.world import World

TRIES = 5  # three attacks at 1 % each: all five are lucky in one of forty million runs
_RATED = [
    {"key": f"r{number}", "kind": "rating", "words": {"en": f"Statement {number}."},
     "anchors": {"1": {"en": "Never"}, "5": {"en": "Always"}}}
    for number in range(3)
]  # fmt: skip
QUESTIONS = {
    "sections": [
        {"key": "one", "title": {"en": "One"}, "questions": [
            *_RATED,
            {"key": "mark", "kind": "number", "words": {"en": "How many?"}, "low": 0, "high": 999_999_999},
            {"key": "say", "kind": "text", "words": {"en": "What else?"}},
        ]},
        {"key": "all", "title": {"en": "All"}, "questions": [
            {"key": "mark_all", "kind": "number", "words": {"en": "In all?"}, "low": 0, "high": 999_999_999,
             "about": "wave"},
        ]},
    ]
}  # fmt: skip


@dataclass
class Asking:
    """A wave whose people answer in an order of chance, each with marks that only the test knows."""

    world: World
    people: list[Person]
    wave: Wave = field(init=False)
    owners: dict[str, int] = field(default_factory=dict)
    arrived: list[int] = field(default_factory=list)
    tokens: dict[int, str] = field(default_factory=dict)
    envelopes: dict[int, int] = field(default_factory=dict)
    scopes: dict[int, list[str]] = field(default_factory=dict)

    def open(self) -> None:
        world, chance = self.world, random.Random()
        links = [world.laundry_ward, world.pharmacy_ward, world.lab_ward]
        self.wave = prepared(world, links=links, questionnaire=written(world, contents=contents_of(QUESTIONS)))
        rows = list(self.wave.links.all())
        asked = [
            Asked(
                person,
                {row: chance.choice(list(Band)) for row in chance.sample(rows, 2)},
                Way.MAIL if number % 2 else Way.APP,
            )
            for number, person in enumerate(self.people)
        ]
        by, at = world.actor(world.lin_mei), datetime.now(UTC)
        changes.invite_people(by=by, at=at, wave=self.wave, asked=asked)
        self.wave = opened(world, self.wave)
        numbers = {person.pk: number for number, person in enumerate(self.people)}
        for letter in changes.hand_out(by=by, at=at, wave=self.wave):
            self.tokens[numbers[letter.person.pk]] = letter.token
            changes.handed(by=by, at=datetime.now(UTC), letter=letter)
        rows_kept = [row for row in rows_of(Envelope._meta.db_table) if row["wave_id"] == self.wave.pk]
        for place, row in enumerate(rows_kept):
            self.envelopes[numbers[row["person_id"]]] = place

    def token(self, number: int) -> str:
        """By letter, or from his envelope."""
        if number in self.tokens:
            return self.tokens[number]
        keys = keys_of(self.wave)
        mine = queries.envelope_of(viewer=self.world.actor(self.people[number]), wave=self.wave)
        assert keys is not None
        assert mine is not None
        token: str = opened_under(bytes(mine.seal), keys.envelopes)
        return token

    def answer(self, number: int) -> dict[str, dict[str, Any]]:
        """What somebody says about each of his links, and about none."""
        given: dict[str, dict[str, Any]] = {"": {"mark_all": self._mark(number)}}
        for link in self.scopes[number]:
            words = secrets.token_hex(16)
            self.owners[words] = number
            given[link] = {f"r{one}": random.randint(1, 5) for one in range(3)}
            given[link] |= {"mark": self._mark(number), "say": words}
        return given

    def _mark(self, number: int) -> int:
        while str(mark := random.randint(100_000_000, 999_999_999)) in self.owners:
            """Once more."""
        self.owners[str(mark)] = number
        return mark

    def cast(self) -> None:
        """Nine in ten answer, in an order of chance."""
        self.arrived = random.sample(range(len(self.people)), len(self.people) * 9 // 10)
        for number in self.arrived:
            ballot = slip(self.wave, self.token(number))
            self.scopes[number] = [link.public_id for link, _band in ballot.links]
            changes.cast_sheet(at=datetime.now(UTC), slip=ballot, answers=self.answer(number))

    def known(self) -> dict[str, list[float]]:
        """What the attacker knows of people, by number."""
        held = {one.person_id: one for one in SurveyInvitation.objects.filter(wave=self.wave)}
        invited = [held[person.pk] for person in self.people]
        places = {number: place for place, number in enumerate(self.arrived)}
        sent = dict(AuditEntry.objects.filter(action="survey_invitation.sent").values_list("object_id", "seq"))
        return {
            "entered": [float(one.person_id) for one in invited],
            "invited": [float(one.pk) for one in invited],
            "changed": [float(one.changed_seq) for one in invited],
            "handed": [one.handed_at.timestamp() if one.handed_at else 0.0 for one in invited],
            "entry of the letter": [float(sent.get(one.public_id, 0)) for one in invited],
            "envelope": [float(self.envelopes.get(number, -1)) for number in range(len(self.people))],
            "answered": [float(places.get(number, -1)) for number in range(len(self.people))],
        }

    def scores(self, databases: Databases, *backups: Path) -> list[Score]:
        """All attacks."""
        traces = traces_of(self.wave, self.owners, databases, backups)
        assert len(traces) == 5 * len(self.arrived)
        return [*attack(self.known(), traces), *neighbours(traces)]


def hospital_with(people: int) -> tuple[World, list[Person]]:
    world = hospital.build()
    by, at = world.actor(world.sun_yan), datetime.now(UTC)
    added = [
        add_person(by=by, at=at, sign_in_name=f"p{number:03}", name={"en": f"Person {number:03}"})
        for number in range(people)
    ]
    return world, added


def through_the_urn(asking: Asking, databases: Databases, folder: Path) -> list[Score]:
    """A whole wave with backups before it, while it is open and after it, and what the attacker then finds."""
    name = secrets.token_hex(4)
    backup(folder / f"{name}-before.tar")
    asking.open()
    asking.cast()
    backup(folder / f"{name}-open.tar")
    closed(asking.world, asking.wave)
    return asking.scores(databases, backup(folder / f"{name}-after.tar"))


def test_who_has_everything_does_no_better_than_chance(
    committed_db: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people, waves = (200, 3) if exhaustive() else (60, 1)
    world, asked = hospital_with(people)
    for wave in range(waves):
        for left in reversed(range(TRIES)):
            scores = through_the_urn(Asking(world, asked), committed_db, tmp_path)
            lucky = [score for score in scores if score.succeeds]
            if not lucky:
                break
            assert left, [str(score) for score in lucky]
        with capsys.disabled():
            print(f"\n{connection.vendor}, {people} people, wave {wave + 1} of {waves}: " + "; ".join(map(str, scores)))


def test_the_same_attack_succeeds_where_rows_are_written_as_they_come(
    committed_db: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The control: ballots and answers in the order of people, by a writer of this test."""
    world, asked = hospital_with(60)
    asking = Asking(world, asked)
    asking.open()
    asking.arrived = random.sample(range(60), 54)
    links = {link.public_id: link for link in asking.wave.links.all()}
    for number in asking.arrived:
        asking.scopes[number] = random.sample(sorted(links), 2)
        for public_id, answers in asking.answer(number).items():
            given = {"wave": asking.wave, "wave_link": links.get(public_id)}
            words = answers.pop("say", "")
            AnswerSheet(band="", answers=answers, **given).save(force_insert=True)
            if words:
                comment = SurveyComment(question="say", words=words, recorded_at=datetime.now(UTC), **given)
                comment.save(force_insert=True)
    scores = asking.scores(committed_db, backup(tmp_path / "after.tar"))
    with capsys.disabled():
        print(f"\n{connection.vendor}, control: " + "; ".join(map(str, scores)))
    assert all(score.succeeds for score in scores)
    assert scores[0].hits == scores[0].possible


def test_a_ballot_that_comes_later_lies_among_the_others(committed_db: Databases) -> None:
    """Somebody whose letter was sent alone, after all others: no place and no transaction says which ballot is his."""
    world, asked = hospital_with(60)
    asking = Asking(world, asked)
    asking.open()
    late = SurveyInvitation.objects.get(wave=asking.wave, person=asked[1])
    before = {row["digest"]: place for place, row in enumerate(rows_of(Ballot._meta.db_table))}
    SurveyInvitation.objects.filter(pk=late.pk).update(handed_at=None)
    letters = list(changes.hand_out(by=world.actor(world.lin_mei), at=datetime.now(UTC), wave=asking.wave))
    assert [letter.person for letter in letters] == [asked[1]]
    rows = rows_of(Ballot._meta.db_table)
    assert len({row["born"] for row in rows}) == 1
    assert len({len(bytes(row["seal"])) for row in rows}) == 1
    after = [before[row["digest"]] for row in rows if row["digest"] in before]
    assert len(after) == 60
    assert after != sorted(after)
