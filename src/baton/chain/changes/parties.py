"""Parties are added, renamed, moved and ended."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr

from baton.chain import policy
from baton.chain.changes.checks import ends_after, still_there, texts_given
from baton.chain.models import Account, Link, Membership, Party
from baton.chain.rules import OUTSIDE, TREE_DEPTH, PartyKind
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.changes import next_number
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.core.rules import TAKEN_BACK, BatchState
from baton.core.texts import Texts, clean_text, folded, sort_keys
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Person


def add_party(
    *,
    by: Actor,
    at: datetime,
    party_kind: PartyKind,
    name: Texts,
    code: str = "",
    parent: Party | None = None,
    person: Person | None = None,
    began_on: date | None = None,
) -> Party:
    """Enter a party of the chain, under ``parent`` or at the top.

    ``person`` is given if and only if the party is one person. ``began_on`` is today unless said otherwise and may lie
    in the past. Refused: a code or a person that another party has, a parent that cannot hold this kind.
    """
    day = day_of(at)
    party = Party(
        party_kind=PartyKind(party_kind), name=texts_given(name, "name"), person=person, began_on=began_on or day
    )
    with change(by=by, at=at) as trail:
        parent = _as_it_stands(parent)
        demand(policy.may_add_party(policy.standing_of(by, day), parent))
        _check_person(party)
        put_under(party, parent)
        party.code = free_code(code, party)
        party.number = next_number(prefix="P", at=at)
        fold(party)
        return trail.save(party, "party.added")


def rename_party(
    *,
    by: Actor,
    at: datetime,
    party: Party,
    name: Texts,
    code: str | None = None,
    expected_seq: int | None = None,
    reason: str = "",
) -> Party:
    """Give the party other names, and another code unless ``code`` is None; the old ones stay in the audit trail.

    Refused for a party that has ended.
    """
    names = texts_given(name, "name")
    with change(by=by, at=at, reason=reason) as trail:
        party = trail.lock(Party, party, expected_seq=expected_seq)
        demand(policy.may_edit_party(policy.standing_of(by, day_of(at)), party))
        still_there(party.ended_on, party.number)
        party.name = names
        if code is not None:
            party.code = free_code(code, party)
        fold(party)
        return trail.save(party, "party.renamed")


def forget_person(*, by: Actor, at: datetime, person: Person) -> None:
    """Give the party that is this person the name that was left to him, and empty the notes about his memberships;
    called when the core forgets him."""
    with change(by=by, at=at) as trail:
        for noted in Membership.objects.filter(person=person).exclude(note=""):
            membership = trail.lock(Membership, noted)
            membership.note = ""
            trail.save(membership, "membership.forgotten")
        for found in Party.objects.filter(person=person):
            party = trail.lock(Party, found)
            party.name, party.code = dict(person.name), None
            fold(party)
            trail.save(party, "party.forgotten")


def move_party(
    *,
    by: Actor,
    at: datetime,
    party: Party,
    parent: Party | None,
    expected_seq: int | None = None,
    reason: str = "",
) -> Party:
    """Put the party, with all that stands under it, under another one or at the top."""
    with change(by=by, at=at, reason=reason) as trail:
        party, parent = trail.lock(Party, party, expected_seq=expected_seq), _as_it_stands(parent)
        demand(policy.may_move_party(policy.standing_of(by, day_of(at)), party, parent))
        still_there(party.ended_on, party.number)
        old_path = party.path
        put_under(party, parent)
        moved = trail.save(party, "party.moved")
        below = Party.everything.filter(path__startswith=old_path).exclude(pk=party.pk)
        below.update(path=Concat(Value(party.path), Substr(F("path"), len(old_path) + 1)))
        return moved


def end_party(
    *,
    by: Actor,
    at: datetime,
    party: Party,
    ended_on: date | None = None,
    expected_seq: int | None = None,
    reason: str = "",
) -> Party:
    """End the party on ``ended_on`` (today). Refused while links, members or parties under it go beyond that day."""
    last = ended_on or day_of(at)
    with change(by=by, at=at, reason=reason) as trail:
        party = trail.lock(Party, party, expected_seq=expected_seq)
        demand(policy.may_end_party(policy.standing_of(by, day_of(at)), party))
        still_there(party.ended_on, party.number)
        ends_after(party.began_on, last)
        _nothing_left(party, last)
        party.ended_on = last
        return trail.save(party, "party.ended")


def _check_person(party: Party) -> None:
    """Refuse a person for any other kind than that, and one who is a party already."""
    if (party.party_kind == PartyKind.PERSON) is not (party.person is not None):
        raise Refused(
            field="person",
            expected=gettext_noop("Expected a person for the kind Person, and none for any other kind."),
            remedy=gettext_noop("Choose who it is, or another kind of party."),
        )
    if party.person is None:
        return
    taken = Party.everything.filter(person=party.person, ended_on__isnull=True).first()
    if taken is not None:
        raise Refused(
            field="person",
            expected=gettext_noop("Expected a person who is not a party yet."),
            found=gettext_noop("{number} is the same person."),
            remedy=gettext_noop("Use that party."),
            number=taken.number,
        )


def _as_it_stands(parent: Party | None) -> Party | None:
    """The parent, read again under the lock: it may have ended or moved since the caller read it."""
    return None if parent is None else Party.objects.get(pk=parent.pk)


def put_under(party: Party, parent: Party | None) -> None:
    """Set parent and path; refused where the tree would have a cycle, be too deep or mix inside and outside."""
    if parent is None:
        party.parent, party.path = None, f"{party.public_id}/"
        return
    still_there(parent.ended_on, parent.number)
    if party.pk is not None and party.contains(parent):
        raise Refused(
            field="parent",
            expected=gettext_noop("Expected a party that does not itself stand under this one."),
            found=gettext_noop("{number} stands under it."),
            remedy=gettext_noop("Choose another party, or move that one first."),
            number=parent.number,
        )
    outside = (party.party_kind in OUTSIDE, parent.party_kind in OUTSIDE)
    if parent.party_kind == PartyKind.PERSON or outside[0] != outside[1]:
        raise Refused(
            field="parent",
            expected=gettext_noop("Expected a department, team or role; for an outside party another outside party."),
            found=gettext_noop("{number} is of another kind."),
            remedy=gettext_noop("Choose another party, or leave it at the top."),
            number=parent.number,
        )
    path = f"{parent.path}{party.public_id}/"
    _check_depth(party, path)
    party.parent, party.path = parent, path


def _check_depth(party: Party, path: str) -> None:
    below = Party.everything.filter(path__startswith=party.path).values_list("path", flat=True) if party.pk else []
    height = max((other.count("/") - party.path.count("/") for other in below), default=0)
    if path.count("/") + height > TREE_DEPTH:
        raise Refused(
            field="parent",
            expected=gettext_noop("Expected at most {most} levels."),
            remedy=gettext_noop("Put it under a party that stands higher."),
            most=TREE_DEPTH,
        )


def free_code(raw: str, party: Party) -> str | None:
    """The code, cleaned; refused where another party has it, in whatever letter case: tables name parties by it."""
    code = clean_text(raw)
    if not code:
        return None
    taken = Party.everything.filter(code__iexact=code).exclude(pk=party.pk).first()
    if taken is not None or len(code) > 60:
        raise Refused(
            field="code",
            expected=gettext_noop("Expected a code of at most 60 characters that no other party has."),
            found=gettext_noop("Found {code}, the code of {number}.") if taken else "",
            remedy=gettext_noop("Give another code, or leave it empty."),
            code=code,
            number=taken.number if taken else "",
        )
    return code


def fold(party: Party) -> None:
    """Keep what sorting and searching read in step with names, number and code."""
    party.sort_keys = sort_keys(party.name)
    fold_search(party)


def fold_search(party: Party) -> None:
    """Keep what searching reads in step with number and code, when the sort keys are there."""
    pinyin = "".join(party.sort_keys.get("zh-hans", "").split())
    letters = "".join(letter for letter in pinyin if not letter.isdigit())
    party.search_text = folded(party.number, party.code, *party.name.values(), letters)


def _nothing_left(party: Party, last: date) -> None:
    """Refuse the end of a party while somebody or something still counts on it; the message names what."""
    beyond = Q(ended_on__isnull=True) | Q(ended_on__gt=last)
    _no_link_on_its_way(party, beyond)
    no_accounts(party)
    links = list(Link.objects.filter(beyond, Q(supplier=party) | Q(customer=party)).values_list("number", flat=True))
    # Those of a bulk entry that nobody sees yet count, too.
    people = Membership.everything.exclude(batch__state__in=TAKEN_BACK).filter(beyond, party=party).count()
    under = list(
        Party.everything.exclude(batch__state__in=TAKEN_BACK)
        .filter(beyond, parent=party)
        .values_list("number", flat=True)
    )
    if links or people or under:
        raise Refused(
            expected=gettext_noop("Expected a party with no links, members or parties under it."),
            found=gettext_noop("{number} still has links: {links}; members: {people}; parties under it: {under}."),
            remedy=gettext_noop("End these links and memberships and move or end the parties first."),
            number=party.number,
            links=_some(links),
            people=people,
            under=_some(under),
        )


def no_accounts(party: Party) -> None:
    """Refuse the end of an outside party that still has accounts."""
    count = Account.everything.exclude(batch__state__in=TAKEN_BACK).filter(party=party, ended_on__isnull=True).count()
    if count:
        raise Refused(
            expected=gettext_noop("Expected a party without accounts."),
            found=gettext_noop("{number} still has {count}."),
            remedy=gettext_noop("End the accounts first, or let this party take over the others."),
            number=party.number,
            count=count,
        )


def _no_link_on_its_way(party: Party, beyond: Q) -> None:
    """Refuse the end of a party while a bulk entry is entering links of it that nobody sees yet."""
    on_their_way = Link.everything.filter(batch__state=BatchState.STAGING)
    count = on_their_way.filter(beyond, Q(supplier=party) | Q(customer=party)).count()
    if count:
        raise Refused(
            expected=gettext_noop("Expected a party with no links, members or parties under it."),
            found=gettext_noop("A bulk entry that is not finished brings {number} links: {count}."),
            remedy=gettext_noop("Wait until it is finished, or give it up (Data, Bulk entries)."),
            number=party.number,
            count=count,
        )


def _some(numbers: list[str], most: int = 5) -> str:
    """The first numbers and how many more there are; 0 where there are none."""
    more = f" (+{len(numbers) - most})" if len(numbers) > most else ""
    return (", ".join(sorted(numbers)[:most]) + more) or "0"
