"""What waves found is drawn, answered, declined and done; a wave is let open although answers are missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.chain.queries.group_chats import leaders_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import next_number, notify, sign
from baton.core.days import day_of
from baton.core.errors import NotFound, Refused
from baton.core.given import words_given
from baton.core.policy import demand
from baton.core.signatures import Proof
from baton.core.signing_rules import Grade, Meaning
from baton.feedback import policy
from baton.feedback.changes.checks import promise_given, reason_given, texts_given
from baton.feedback.models import Finding, PublishedCell, Wave, WaveException, WaveLink
from baton.feedback.models.findings import FINDING_STATES
from baton.feedback.queries.findings import is_signed, unanswered_about
from baton.feedback.rules import Contents, WaveState, scored_of
from baton.feedback.rules.findings import (
    ANSWER_WITHIN,
    WORDS_LENGTH,
    FindingState,
    Weak,
    is_of_service,
    weakest,
    words_of,
)
from baton.feedback.rules.published import Figure, Grouping
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Party
    from baton.core.models import Person, Signature

NUMBER_PREFIX = "F"
FOUND_TOPIC = "feedback.found"


def draw_findings(*, by: Actor, at: datetime, wave: Wave, results: Iterable[Weak]) -> list[Finding]:
    """Turn the weakest published results of a wave into findings, and tell whoever leads the supplier. Called again,
    it adds none that is there already. ``results`` are means that were published: nothing else may come here."""
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Wave, wave)
        demand(policy.may_run_waves(by))
        contents = fresh.contents
        links = {one.public_id: one for one in fresh.links.select_related("link__supplier")}
        parties = {one.link.supplier.public_id: one.link.supplier for one in links.values()}
        held = set(Finding.objects.filter(wave=fresh).values_list("supplier__public_id", "question"))
        found = []
        for one in weakest(results):
            if (one.supplier, one.question) in held or one.supplier not in parties:
                continue
            row = Finding(
                number=next_number(prefix=NUMBER_PREFIX, at=at), wave=fresh, supplier=parties[one.supplier],
                wave_link=links.get(one.wave_link), question=one.question,
                words=_words_of(contents, one.question, parties[one.supplier]), mean=one.mean, n=one.n, low=one.low,
                high=one.high, answer_due_on=day_of(at + ANSWER_WITHIN),
            )  # fmt: skip
            found.append(trail.save(row, "finding.drawn"))
        _tell(trail, found)
        return found


def add_finding(
    *, by: Actor, at: datetime, wave: Wave, supplier: Party, words: Mapping[str, str],
    wave_link: WaveLink | None = None, figure: PublishedCell | None = None,
) -> Finding:  # fmt: skip
    """Enter a finding of a published wave by hand, such as one that many comments name, or one about a published
    ``figure``, a mean of the supplier or of one of its links."""
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Wave, wave)
        demand(policy.may_add_findings(by))
        of_wave = fresh.links.filter(link__supplier=supplier)
        if fresh.state != WaveState.PUBLISHED or not of_wave.exists():
            raise Refused(
                field="supplier",
                expected=gettext_noop("Expected a published wave that asked about this supplier."),
                found=gettext_noop("{number} is not published, or did not ask about it."),
                remedy=gettext_noop("Wait until the wave is published, or choose another supplier."),
                number=fresh.number,
            )
        row = Finding(
            number=next_number(prefix=NUMBER_PREFIX, at=at), wave=fresh, supplier=supplier, wave_link=wave_link,
            words=texts_given(words, "words", most=WORDS_LENGTH), answer_due_on=day_of(at + ANSWER_WITHIN),
        )  # fmt: skip
        if figure is not None:
            _put_figure(row, figure)
        saved = trail.save(row, "finding.added")
        _tell(trail, [saved])
        return saved


def answer_finding(
    *, by: Actor, at: datetime, finding: Finding, answer: str, owner: Person | None, promised_for: date | None,
    expected_seq: int | None = None,
) -> Finding:  # fmt: skip
    """Say what is done, by whom and by when; said again, it takes the place of what was said."""
    words = _words_given(answer, "answer")
    with change(by=by, at=at) as trail:
        fresh = _to_answer(
            trail, finding, expected_seq, FindingState.OPEN, FindingState.ANSWERED, FindingState.DECLINED
        )
        sees_to_it, day = promise_given(owner, promised_for, at)
        fresh.state, fresh.answer, fresh.answered_at = FindingState.ANSWERED, words, at
        fresh.owner, fresh.promised_for = sees_to_it, day
        return trail.save(fresh, "finding.answered")


def decline_finding(
    *, by: Actor, at: datetime, finding: Finding, answer: str, expected_seq: int | None = None
) -> Finding:
    """Say why nothing is done. All who could answer the wave read it."""
    words = _words_given(answer, "answer")
    with change(by=by, at=at, reason=words[:500]) as trail:
        fresh = _to_answer(trail, finding, expected_seq, FindingState.OPEN, FindingState.ANSWERED)
        fresh.state, fresh.answer, fresh.answered_at = FindingState.DECLINED, words, at
        fresh.owner = fresh.promised_for = None
        return trail.save(fresh, "finding.declined")


def finish_finding(
    *, by: Actor, at: datetime, finding: Finding, outcome: str, done_on: date | None = None,
    expected_seq: int | None = None,
) -> Finding:  # fmt: skip
    """What was promised is done, on ``done_on`` (None: today)."""
    words = _words_given(outcome, "outcome")
    with change(by=by, at=at) as trail:
        fresh = _to_answer(trail, finding, expected_seq, FindingState.ANSWERED)
        day = done_on or day_of(at)
        if not day_of(fresh.recorded_at) <= day <= day_of(at):
            raise Refused(
                field="done_on",
                expected=gettext_noop("Expected a day from the finding until today."),
                found=gettext_noop("Found {day}."),
                remedy=gettext_noop("Correct the day."),
                day=day.isoformat(),
            )
        fresh.state, fresh.done_on, fresh.outcome = FindingState.DONE, day, words
        return trail.save(fresh, "finding.done")


def reopen_finding(
    *, by: Actor, at: datetime, finding: Finding, reason: str, expected_seq: int | None = None
) -> Finding:
    """It was not done after all: it is promised again, until the same day."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        fresh = _to_answer(trail, finding, expected_seq, FindingState.DONE)
        fresh.state, fresh.done_on, fresh.outcome = FindingState.ANSWERED, None, ""
        return trail.save(fresh, "finding.reopened")


def ask_for_exception(*, by: Actor, at: datetime, wave: Wave, reason: str) -> WaveException:
    """Ask the director to let a wave be opened although findings are not answered; it counts once he has signed."""
    why = reason_given(reason)
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Wave, wave)
        demand(policy.may_ask_for_exception(by))
        waiting = unanswered_about(wave=fresh)
        if fresh.state != WaveState.DRAFT or not waiting:
            raise Refused(
                expected=gettext_noop("Expected a wave in preparation whose suppliers owe answers."),
                found=gettext_noop("{number} needs no exception."),
                remedy=gettext_noop("Open it as it is."),
                number=fresh.number,
            )
        asked = WaveException(wave=fresh, reason=why, findings=[one.number for one in waiting])
        return trail.save(asked, "wave_exception.asked")


def sign_exception(
    *, by: Actor, at: datetime, exception: WaveException, expected_digest: str, proof: Proof
) -> Signature:
    """The director lets the wave be opened, with his signature."""
    with change(by=by, at=at) as trail:
        fresh = trail.lock(WaveException, exception)
        demand(policy.may_sign_exception(by))
        if fresh.wave.state != WaveState.DRAFT:
            raise Refused(
                expected=gettext_noop("Expected a wave in preparation."),
                found=gettext_noop("{number} was opened or withdrawn meanwhile."),
                remedy=gettext_noop("Nothing is to be signed any more."),
                number=fresh.wave.number,
            )
        return sign(
            by=by, at=at, kind=WaveException.kind, public_id=fresh.public_id, expected_digest=expected_digest,
            meaning=Meaning.APPROVAL, grade=Grade.REAUTHENTICATION, proof=proof,
        )  # fmt: skip


def demand_answers(by: Actor, wave: Wave) -> None:
    """Refused where earlier findings about the wave's suppliers are not answered, unless the director has signed an
    exception in which each of them stands."""
    waiting = unanswered_about(wave=wave)
    if not waiting:
        return
    asked = WaveException.objects.filter(wave=wave)
    signed = {number for one in asked if is_signed(viewer=by, exception=one) for number in one.findings}
    left = [one for one in waiting if one.number not in signed]
    if left:
        raise Refused(
            expected=gettext_noop("People are asked again once what they said last time was answered."),
            found=gettext_noop("Not answered: {count} findings, the first one is {number} ({supplier})."),
            remedy=gettext_noop("Have them answered, or ask the director to sign an exception."),
            count=len(left),
            number=left[0].number,
            supplier=str(left[0].supplier),
        )


def _words_of(contents: Contents, column: str, supplier: Party) -> dict[str, str]:
    found = words_of(contents, column, supplier.name)
    if found is None:
        raise NotFound
    return found


def _put_figure(finding: Finding, figure: PublishedCell) -> None:
    """Take over a published mean. Refused: one of other answers than those about the supplier or the link, a hidden
    one, one of which there is a finding already."""
    column = next((one for one in scored_of(finding.wave.contents) if one.key == figure.column), None)
    link = figure.wave_link
    of_it = link is None or link.link.supplier_id == finding.supplier_id
    whose = finding.supplier_id if link is not None else figure.supplier_id
    shown = figure.figure == Figure.MEAN and figure.value is not None and figure.wave_id == finding.wave_id
    asked = figure.grouping in (Grouping.SUPPLIER, Grouping.LINK) and column is not None and is_of_service(column)
    if column is None or not (shown and asked and of_it and whose == finding.supplier_id):
        raise Refused(
            expected=gettext_noop("Expected a published mean of one supplier or link, of what was rated."),
            found=gettext_noop("This figure is hidden, or about others."),
            remedy=gettext_noop("Choose the supplier or the link on the page of the results first."),
        )
    held = Finding.objects.filter(
        wave=finding.wave, supplier=finding.supplier, question=figure.column, wave_link=link
    ).first()
    if held is not None:
        raise Refused(
            expected=gettext_noop("Expected a figure of which there is no finding yet."),
            found=gettext_noop("{number} is about it."),
            remedy=gettext_noop("Answer that one."),
            number=held.number,
        )
    finding.question, finding.mean, finding.n = figure.column, figure.value, figure.n
    finding.low, finding.high, finding.wave_link = column.low, column.high, link


def _tell(trail: Trail, found: Sequence[Finding]) -> None:
    """Tell whoever leads the suppliers, each person once for each."""
    by_supplier: dict[int, list[Finding]] = {}
    for one in found:
        by_supplier.setdefault(one.supplier_id, []).append(one)
    for rows in by_supplier.values():
        supplier = rows[0].supplier
        for person in leaders_of(supplier.public_id, trail.at):
            notify(
                by=trail.by, at=trail.at, person=person, topic=FOUND_TOPIC,
                values={"count": len(rows), "supplier": dict(supplier.name)},
                address=f"{reverse('surveys:findings')}?show=mine", shows=[(Finding.kind, rows[0].public_id)],
            )  # fmt: skip


def _to_answer(trail: Trail, finding: Finding, expected_seq: int | None, *states: FindingState) -> Finding:
    fresh = trail.lock(Finding, finding, expected_seq=expected_seq)
    supplier = chain.party(viewer=trail.by, at=trail.at, public_id=fresh.supplier.public_id)
    demand(policy.may_answer_finding(standing_of(trail.by, day_of(trail.at)), supplier))
    if fresh.state not in states:
        raise Refused(
            expected=gettext_noop("Expected a finding of another state: {states}."),
            found=gettext_noop("It is: {state}."),
            remedy=gettext_noop("Load the page again to see what became of it."),
            states=" / ".join(str(FINDING_STATES[state]) for state in states),
            state=str(fresh.get_state_display()),
        )
    return fresh


def _words_given(raw: str, field: str) -> str:
    remedy = gettext_noop("Say it in a sentence or two: all who could answer read it.")
    return words_given(raw, field, most=WORDS_LENGTH, remedy=remedy)
