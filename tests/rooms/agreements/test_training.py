"""Training in clauses on behaviour: entered by pasting, shares for everybody, names for a few."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from baton.agreements.changes.training import Trained, note_training, withdraw_training
from baton.agreements.imports.training import read_training
from baton.agreements.models import Clause, Training
from baton.agreements.queries import training as queries
from baton.agreements.rules import ClauseKind
from baton.agreements.rules.training import TrainingCoverage, covered, holds
from baton.chain.changes import appoint
from baton.chain.rules import Capacity, Scope
from baton.core.audit.verify import verify
from baton.core.errors import Forbidden, NotFound, Refused
from tests.api import Program, said, token_for
from tests.rooms.agreements.made import LINEN, ORDER, in_force, proposed, terms
from tests.rooms.agreements.offering import drafted_offer, more_wards, proposed_offer
from tests.rooms.chain.test_pages import filled
from tests.world import NOON, SYSTEM, World

DAY = NOON.date()
FRIENDLY = terms(
    LINEN, clause_kind=ClauseKind.BEHAVIOUR, characteristic={"en": "Tells the ward before a round is late"}
)


def friendly(world: World) -> Clause:
    version = in_force(proposed(world, LINEN, FRIENDLY, ORDER))
    return Clause.objects.get(agreement_version=version, clause_kind=ClauseKind.BEHAVIOUR)


def test_who_counts_as_trained() -> None:
    week = timedelta(weeks=1)
    assert holds(DAY, None, DAY)
    assert holds(DAY - week, DAY, DAY)
    assert not holds(DAY - week, DAY - timedelta(days=1), DAY)
    assert not holds(DAY + week, None, DAY)
    assert covered([1, 2, 3], [2, 9]) == TrainingCoverage(3, 1)  # 9 has left
    assert covered([1, 2], [1]).share == 0.5
    assert covered([], [1]).share is None


def test_pasted_lines_are_read_and_every_fault_is_named(world: World) -> None:
    people = [world.zhao_lei, world.gao_ming]
    text = "gao.ming\t31/03/2026\t2027-03-31\tHospitality course\n赵磊；2026年4月1日\n\n"
    found, unread = read_training(text, people)
    assert found == [
        Trained(world.gao_ming, date(2026, 3, 31), date(2027, 3, 31), "Hospitality course"),
        Trained(world.zhao_lei, date(2026, 4, 1)),
    ]
    assert unread == []
    found, unread = read_training("chen.jie\t2026-03-31\nGao Ming\tsoon\nGao Ming\n<b>x</b>\t2026-03-31", people)
    assert found == []
    assert [(one.line, list(one.values.values())) for one in unread] == [
        (1, ["chen.jie"]), (2, ["soon"]), (3, [""]), (4, ["<b>x</b>"]),
    ]  # fmt: skip


def test_training_goes_with_the_line_and_runs_out(world: World) -> None:
    clause, by = friendly(world), world.actor(world.zhao_lei)
    made = note_training(
        by=by, at=NOON, clause=clause,
        trained=[Trained(world.gao_ming, DAY, DAY + timedelta(days=10)), Trained(world.zhao_lei, DAY)],
    )  # fmt: skip
    page = queries.training_page(viewer=by, at=NOON, public_id=clause.public_id)
    assert page.coverage == TrainingCoverage(2, 2)
    later = queries.training_page(viewer=by, at=NOON + timedelta(days=11), public_id=clause.public_id)
    assert later.coverage == TrainingCoverage(2, 1)
    withdraw_training(by=by, at=NOON, training=made[1], reason="Another person")
    [of_party] = queries.training_of_party(viewer=by, at=NOON, party=world.laundry)
    assert of_party.coverage == TrainingCoverage(2, 1)
    assert verify().holds


@pytest.mark.sqlite
def test_who_reads_names_and_who_enters(world: World) -> None:
    clause = friendly(world)
    note_training(by=world.actor(world.lin_mei), at=NOON, clause=clause, trained=[Trained(world.gao_ming, DAY)])

    def names(who: str) -> list[str]:
        page = queries.training_page(viewer=world.actor(getattr(world, who)), at=NOON, public_id=clause.public_id)
        assert page.coverage == TrainingCoverage(2, 1)  # the share is for everybody
        return sorted(str(one.person) for one in page.people)

    assert len(names("zhao_lei")) == len(names("lin_mei")) == 2
    assert len(names("gao_ming")) == 1  # himself
    assert names("wang_fang") == names("he_jun") == []
    training = Training.objects.get()
    for who in ("wang_fang", "he_jun", "wu_tao"):
        with pytest.raises(NotFound):
            queries.training(viewer=world.actor(getattr(world, who)), at=NOON, public_id=training.public_id)
    for who in ("gao_ming", "wang_fang", "qian_li", "he_jun"):
        with pytest.raises(Forbidden):
            note_training(
                by=world.actor(getattr(world, who)), at=NOON, clause=clause, trained=[Trained(world.zhao_lei, DAY)]
            )


def test_what_is_refused(world: World) -> None:
    clause, by = friendly(world), world.actor(world.zhao_lei)
    other = clause.agreement_version.clauses.exclude(pk=clause.pk)[0]  # type: ignore[union-attr]
    refused: dict[str, tuple[Clause, list[Trained]]] = {
        "how people behave": (other, [Trained(world.gao_ming, DAY)]),
        "belong to the party": (clause, [Trained(world.chen_jie, DAY)]),
        "has been held": (clause, [Trained(world.gao_ming, DAY + timedelta(days=1))]),
        "on or after": (clause, [Trained(world.gao_ming, DAY, DAY - timedelta(days=1))]),
        "1 to 500 people": (clause, []),
    }
    for words, (about, trained) in refused.items():
        with pytest.raises(Refused, match=words):
            note_training(
                by=by, at=NOON, clause=about, trained=[Trained(world.zhao_lei, DAY), *trained] if trained else []
            )
    assert not Training.objects.exists()  # nothing half saved
    note_training(by=by, at=NOON, clause=clause, trained=[Trained(world.gao_ming, DAY)])
    with pytest.raises(Refused, match="not entered yet"):
        note_training(by=by, at=NOON, clause=clause, trained=[Trained(world.gao_ming, DAY)])


def test_pages_panels_table_and_call(world: World) -> None:
    clause, head = friendly(world), world.client(world.zhao_lei)
    own = f"/agreements/clauses/{clause.public_id}/training/"
    agreement = clause.agreement_version.agreement  # type: ignore[union-attr]
    for page in (f"/agreements/{agreement.public_id}/", f"/parties/{world.laundry.public_id}/"):
        assert own in head.get(page).content.decode()
    add = f"{own}add/"
    assert world.client(world.wang_fang).get(add).status_code == 403
    wrong = head.post(add, filled(head, add, people="Nobody\t2026-03-31"))
    assert (wrong.status_code, "Line 1: nobody of this party" in wrong.content.decode()) == (422, True)
    sent = filled(head, add, people="gao.ming\t2026-03-31\t\t<b>Course</b>")
    assert head.post(add, sent).headers["Location"] == own
    shown = head.get(own).content.decode()
    assert "1 of 2 people trained" in shown
    assert "&lt;b&gt;Course&lt;/b&gt;" in shown
    assert "No names to read" in world.client(world.wang_fang).get(own).content.decode()
    assert "gao.ming" in b"".join(head.get(f"{own}export.csv")).decode("utf-8-sig")
    training = Training.objects.get()
    back = f"/agreements/training/{training.public_id}/take-back/"
    assert head.post(back, filled(head, back, reason="")).status_code == 422
    told = said(Program(token_for(world.wang_fang, "agreements:read")).get(f"/training?clause={clause.public_id}"))
    assert told == {"people": 2, "trained": 1, "share": 0.5, "rows": []}
    assert head.post(back, filled(head, back, reason="Another person")).headers["Location"] == own
    assert "0 of 2 people trained" in head.get(own).content.decode()


def test_a_clause_of_a_service_offer_is_trained_once_for_all_its_customers(world: World) -> None:
    links = [world.laundry_ward, *more_wards(world, 1, world.wang_fang)]
    offered = proposed_offer(world, drafted_offer(world, FRIENDLY), *links)
    for version in offered.agreement_versions.all():
        in_force(version)
    clause, head = offered.clauses.get(), world.client(world.zhao_lei)
    [of_party] = queries.training_of_party(viewer=world.actor(world.zhao_lei), at=NOON, party=world.laundry)
    assert of_party.clause == clause
    own = f"/agreements/clauses/{clause.public_id}/training/"
    assert own in head.get(f"/parties/{world.laundry.public_id}/").content.decode()
    assert "Daily linen" in head.get(own).content.decode()
    assert head.post(f"{own}add/", filled(head, f"{own}add/", people="gao.ming\t2026-03-31")).headers["Location"] == own
    assert queries.address_of_training(Training.objects.get().public_id) == own


@pytest.mark.sqlite
@pytest.mark.parametrize(("scope", "reads"), [(Scope.LINKS, False), (Scope.ALL, True)])
def test_who_stands_in_for_some_links_alone_reads_no_names(world: World, scope: Scope, reads: bool) -> None:
    clause = friendly(world)
    note_training(by=world.actor(world.zhao_lei), at=NOON, clause=clause, trained=[Trained(world.zhao_lei, DAY)])
    appoint(
        by=SYSTEM, at=NOON, party=world.laundry, person=world.gao_ming, capacity=Capacity.DEPUTY, scope=scope,
        ended_on=DAY + timedelta(days=9),
    )  # fmt: skip
    viewer = world.actor(world.gao_ming)
    assert queries.trainings_in_sight(viewer=viewer, at=NOON).exists() is reads
    page = queries.training_page(viewer=viewer, at=NOON, public_id=clause.public_id)
    assert (world.zhao_lei in [one.person for one in page.people]) is reads
