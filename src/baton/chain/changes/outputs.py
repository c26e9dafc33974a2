"""Outputs are entered, corrected, revised and ended; who answers for them is said."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings

from baton.chain import policy
from baton.chain.changes.checks import code_given, ends_after, still_there, texts_given
from baton.chain.models import Link, Output, OutputRevision, Party, Responsibility
from baton.chain.rules import OUTSIDE, OutputKind, Responsible
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import next_number
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.core.rules import TAKEN_BACK
from baton.core.texts import Texts, clean_text, folded, say, sort_keys
from baton_analysis.errors import gettext_noop


def add_output(
    *,
    by: Actor,
    at: datetime,
    name: Texts,
    output_kind: OutputKind = OutputKind.SERVICE,
    item_code: str = "",
    began_on: date | None = None,
) -> Output:
    """Enter something that is handed over, from ``began_on`` (today) on.

    Refused: a name or an item code that another live output has.
    """
    with change(by=by, at=at) as trail:
        demand(policy.may_add_output(policy.standing_of(by, day_of(at)), OutputKind(output_kind)))
        return new_output(trail, name=name, output_kind=output_kind, item_code=item_code, began_on=began_on)


def new_output(
    trail: Trail, *, name: Texts, output_kind: OutputKind, item_code: str = "", began_on: date | None = None
) -> Output:
    """A new output within an open change; whoever may enter a link may enter what it hands over."""
    output = Output(output_kind=OutputKind(output_kind), began_on=began_on or day_of(trail.at))
    _name(output, name)
    output.item_code = _free_item_code(item_code, output)
    output.number = next_number(prefix="O", at=trail.at)
    fold_output(output)
    return trail.save(output, "output.added")


def change_output(
    *,
    by: Actor,
    at: datetime,
    output: Output,
    name: Texts,
    output_kind: OutputKind,
    item_code: str | None = None,
    expected_seq: int | None = None,
    reason: str = "",
) -> Output:
    """Correct the name, the kind, and the item code unless it is None, on every link that hands it over."""
    with change(by=by, at=at, reason=reason) as trail:
        output = _to_edit(trail, output, expected_seq)
        demand(policy.may_edit_output(policy.standing_of(by, day_of(at)), output, output_kind))
        return _corrected(trail, output, name, OutputKind(output_kind), item_code)


def end_output(
    *,
    by: Actor,
    at: datetime,
    output: Output,
    ended_on: date | None = None,
    expected_seq: int | None = None,
    reason: str = "",
) -> Output:
    """Say that it is handed over no more from ``ended_on`` (today) on; responsibilities for it end with it.

    Refused while a link hands it over beyond that day.
    """
    last = ended_on or day_of(at)
    with change(by=by, at=at, reason=reason) as trail:
        output = _to_edit(trail, output, expected_seq)
        ends_after(output.began_on, last)
        # Also those of a bulk entry that nobody sees yet.
        handed = Link.everything.exclude(batch__state__in=TAKEN_BACK).filter(policy.beyond(last), output=output)
        if links := list(handed.values_list("number", flat=True)[:6]):
            raise Refused(
                expected=gettext_noop("Expected an output that no link hands over any more."),
                found=gettext_noop("{number} is handed over on: {links}."),
                remedy=gettext_noop("End these links first."),
                number=output.number,
                links=", ".join(sorted(links)),
            )
        for held in Responsibility.objects.filter(policy.beyond(last), output=output):
            _end(trail, held, last)
        output.ended_on = last
        return trail.save(output, "output.ended")


def revise_output(
    *, by: Actor, at: datetime, output: Output, label: str, note: str = "", began_on: date | None = None
) -> OutputRevision:
    """Say which revision is handed over from ``began_on`` (today) on.

    Refused: a label or a first day that another revision has.
    """
    with change(by=by, at=at) as trail:
        output = _to_edit(trail, output, None)
        revision = OutputRevision(
            output=output, label=clean_text(label), note=clean_text(note), began_on=began_on or day_of(at)
        )
        if not revision.label or len(revision.label) > 20:
            raise Refused(
                field="label",
                expected=gettext_noop("Expected a revision of 1 to 20 characters, such as B or 2026-1."),
                remedy=gettext_noop("Write it as it stands on the drawing or in the document."),
            )
        same = OutputRevision.objects.filter(output=output)
        if same.filter(label=revision.label).exists() or same.filter(began_on=revision.began_on).exists():
            raise Refused(
                field="label",
                expected=gettext_noop("Expected a revision with a label and a first day of its own."),
                found=gettext_noop("{number} has a revision with this label, or one from the same day."),
                remedy=gettext_noop("Give another label or another day."),
                number=output.number,
            )
        return trail.save(revision, "output_revision.added")


def give_responsibility(
    *, by: Actor, at: datetime, output: Output, party: Party, responsible: Responsible, began_on: date | None = None
) -> Responsibility:
    """Say what ``party`` is to the output, from ``began_on`` (today) on.

    A second party may be accountable for a time: it is shown as a gap, not refused, because that is how things stand in
    many organisations on the day on which they write it down. Refused: the same twice.
    """
    with change(by=by, at=at) as trail:
        output = _to_edit(trail, output, None)
        return _give(trail, output, party, Responsible(responsible), began_on or day_of(at))


def make_accountable(
    *,
    by: Actor,
    at: datetime,
    output: Output,
    party: Party,
    began_on: date | None = None,
    expected_seq: int | None = None,
) -> Responsibility:
    """Let ``party`` alone answer for the output from ``began_on`` (today) on; whoever did before no longer does.

    Refused where it alone does already.
    """
    first = began_on or day_of(at)
    with change(by=by, at=at) as trail:
        output = _to_edit(trail, output, expected_seq)
        before = Responsibility.objects.filter(
            policy.beyond(first), output=output, responsible=Responsible.ACCOUNTABLE
        ).select_related("party")
        held = list(before)
        own = next((one for one in held if one.party_id == party.pk), None)
        if own is not None and len(held) == 1:
            raise held_already(party)
        for other in held:
            if other != own:
                _end(trail, other, first)
        return own or _give(trail, output, party, Responsible.ACCOUNTABLE, first)


def refuse_outside_owner(party: Party, responsible: Responsible) -> None:
    """Refuse a party outside as the one that is accountable: nobody of the organisation would answer for the output."""
    if responsible is Responsible.ACCOUNTABLE and party.party_kind in OUTSIDE:
        raise Refused(
            field="party",
            expected=gettext_noop("Expected a party of the organisation that is accountable for the output."),
            found=gettext_noop("{number} stands outside."),
            remedy=gettext_noop("Choose who answers for it inside; the party outside may be responsible for the work."),
            number=party.number,
        )


def end_responsibility(
    *,
    by: Actor,
    at: datetime,
    responsibility: Responsibility,
    ended_on: date | None = None,
    expected_seq: int | None = None,
) -> Responsibility:
    """End a responsibility on ``ended_on`` (today)."""
    last = ended_on or day_of(at)
    with change(by=by, at=at) as trail:
        held = trail.lock(Responsibility, responsibility, expected_seq=expected_seq)
        demand(policy.may_edit_output(policy.standing_of(by, day_of(at)), held.output))
        still_there(held.ended_on, held.output.number)
        ends_after(held.began_on, last)
        return _end(trail, held, last)


def correct_output(trail: Trail, output: Output, *, name: Texts, output_kind: OutputKind) -> Output:
    """Correct name and kind within an open change, for whoever may change the only link that hands it over."""
    return _corrected(trail, trail.lock(Output, output), name, output_kind, None)


def _corrected(trail: Trail, output: Output, name: Texts, output_kind: OutputKind, item_code: str | None) -> Output:
    _name(output, name)
    output.output_kind = output_kind
    if item_code is not None:
        output.item_code = _free_item_code(item_code, output)
    fold_output(output)
    saved = trail.save(output, "output.changed")
    # A page of a link that somebody has open shows the output as it was: it is stale now.
    Link.everything.filter(output=output, changed_seq__lt=saved.changed_seq).update(changed_seq=saved.changed_seq)
    return saved


def name_key(name: Texts) -> str:
    """The one spelling under which an output is live only once; independent of the reader's language."""
    language = settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in name else min(name)
    return " ".join(folded(say(name, language)).split())[:220]


def _to_edit(trail: Trail, output: Output, expected_seq: int | None) -> Output:
    output = trail.lock(Output, output, expected_seq=expected_seq)
    demand(policy.may_edit_output(policy.standing_of(trail.by, day_of(trail.at)), output))
    still_there(output.ended_on, output.number)
    return output


def _give(trail: Trail, output: Output, party: Party, responsible: Responsible, first: date) -> Responsibility:
    party = Party.objects.get(pk=party.pk)
    still_there(party.ended_on, party.number)
    refuse_outside_owner(party, responsible)
    # Also those of a bulk entry that nobody sees yet: the database keeps their unique key for it.
    same = Responsibility.everything.filter(output=output, party=party, responsible=responsible, ended_on__isnull=True)
    if same.exists():
        raise held_already(party)
    held = Responsibility(output=output, party=party, responsible=responsible, began_on=first)
    return trail.save(held, "responsibility.given")


def held_already(party: Party) -> Refused:
    """The refusal of a responsibility that the party has."""
    return Refused(
        field="party",
        expected=gettext_noop("Expected a responsibility that the party does not have yet."),
        found=gettext_noop("{number} has it already."),
        remedy=gettext_noop("Choose another party or another responsibility."),
        number=party.number,
    )


def _end(trail: Trail, held: Responsibility, last: date) -> Responsibility:
    held = trail.lock(Responsibility, held)
    held.ended_on = max(last, held.began_on)
    return trail.save(held, "responsibility.ended")


def _name(output: Output, name: Texts) -> None:
    output.name = texts_given(name, "name")
    output.name_key = name_key(output.name)
    output.sort_keys = sort_keys(output.name)
    same = Output.everything.filter(name_key=output.name_key, ended_on__isnull=True).exclude(pk=output.pk).first()
    if same is not None:
        raise Refused(
            field="name",
            expected=gettext_noop("Expected a name that no other output has."),
            found=gettext_noop("{number} has the same name."),
            remedy=gettext_noop("Use that output, or name this one more exactly."),
            number=same.number,
        )


def _free_item_code(raw: str, output: Output) -> str:
    code = code_given(raw, "item_code")
    same = Output.everything.filter(item_code__iexact=code, ended_on__isnull=True).exclude(pk=output.pk)
    if code and (taken := same.first()) is not None:
        raise Refused(
            field="item_code",
            expected=gettext_noop("Expected an item code that no other output has."),
            found=gettext_noop("{number} has it."),
            remedy=gettext_noop("Use that output, or give another code."),
            number=taken.number,
        )
    return code


def fold_output(output: Output) -> None:
    """Keep what searching reads in step with number, code and names, when the sort keys are there."""
    pinyin = "".join(letter for letter in output.sort_keys.get("zh-hans", "") if letter.isalpha())
    output.search_text = folded(output.number, output.item_code, *output.name.values(), pinyin)
