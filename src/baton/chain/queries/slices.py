"""The lists of the chain as programs read them: part by part, see :mod:`baton.core.slices`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import Q

from baton.chain import policy
from baton.chain.models import (
    Account,
    Contact,
    Link,
    LogParty,
    Membership,
    MinedPair,
    Output,
    OutsideNeed,
    Party,
    PartySuccession,
    Project,
)
from baton.chain.queries import accounts
from baton.chain.queries.event_logs import Compared, comparison, event_log, mined_pairs, names_of
from baton.chain.queries.gaps import GapFilters, GapRow, chosen_gaps, gaps
from baton.chain.queries.links import LinkFilters, listed_links
from baton.chain.queries.lists import in_state
from baton.chain.queries.needs import NeedFilters, listed_needs
from baton.chain.queries.no_dealings import NoDealings, no_dealings
from baton.chain.queries.outputs import OutputFilters, listed_outputs
from baton.chain.queries.parties import PartyFilters, listed_parties
from baton.chain.queries.projects import ProjectFilters, listed_projects
from baton.chain.rules import Detector, State
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.slices import FEW_ROWS, Slice, slice_of, slice_of_list
from baton_analysis.errors import gettext_noop


@dataclass(frozen=True, slots=True)
class MembershipFilters:
    """Which memberships: of a party, of a person (public ids), in a capacity; ``state``: live, planned, ended, all."""

    party: str = ""
    person: str = ""
    capacity: str = ""
    state: str = State.LIVE


def party_slice(
    *, viewer: Actor, at: datetime, filters: PartyFilters, limit: int = FEW_ROWS, cursor: str = ""
) -> Slice[Party]:
    """Parties in sight."""
    rows = listed_parties(viewer=viewer, at=at, filters=filters)
    return slice_of(rows, asked=asdict(filters), limit=limit, cursor=cursor)


def link_slice(
    *, viewer: Actor, at: datetime, filters: LinkFilters, limit: int = FEW_ROWS, cursor: str = ""
) -> Slice[Link]:
    """Links in sight; ``health`` is not looked at, neither as filter nor as order."""
    rows = listed_links(viewer=viewer, at=at, filters=filters)
    return slice_of(rows, asked=asdict(filters), limit=limit, cursor=cursor)


def membership_slice(
    *, viewer: Actor, at: datetime, filters: MembershipFilters, limit: int = FEW_ROWS, cursor: str = ""
) -> Slice[Membership]:
    """Memberships of parties in sight, in the order in which they were entered."""
    day = day_of(at)
    seen = Party.objects.filter(policy.sight_of(viewer, day).parties)
    rows = Membership.objects.filter(in_state(filters.state, day), party__in=seen).select_related("party", "person")
    if filters.party:
        rows = rows.filter(party__public_id=filters.party)
    if filters.person:
        rows = rows.filter(person__public_id=filters.person)
    if filters.capacity:
        rows = rows.filter(capacity=filters.capacity)
    return slice_of(rows.order_by("recorded_at"), asked=asdict(filters), limit=limit, cursor=cursor)


def output_slice(
    *, viewer: Actor, at: datetime, filters: OutputFilters, limit: int = FEW_ROWS, cursor: str = ""
) -> Slice[Output]:
    """Outputs in sight."""
    rows = listed_outputs(viewer=viewer, at=at, filters=filters)
    return slice_of(rows, asked=asdict(filters), limit=limit, cursor=cursor)


def need_slice(
    *, viewer: Actor, at: datetime, filters: NeedFilters, limit: int = FEW_ROWS, cursor: str = ""
) -> Slice[OutsideNeed]:
    """Outside needs in sight."""
    rows = listed_needs(viewer=viewer, at=at, filters=filters)
    return slice_of(rows, asked=asdict(filters), limit=limit, cursor=cursor)


def project_slice(
    *, viewer: Actor, at: datetime, filters: ProjectFilters, limit: int = FEW_ROWS, cursor: str = ""
) -> Slice[Project]:
    """Projects in sight."""
    rows = listed_projects(viewer=viewer, at=at, filters=filters)
    return slice_of(rows, asked=asdict(filters), limit=limit, cursor=cursor)


def account_slice(
    *, viewer: Actor, at: datetime, party: str, search: str = "", limit: int = FEW_ROWS, cursor: str = ""
) -> Slice[Account]:
    """Live accounts of an outside party that the viewer keeps, by number; ``search`` as for pages."""
    of = accounts.party_with_accounts(viewer=viewer, at=at, public_id=party)
    rows = accounts.listed_accounts(viewer=viewer, party=of, search=search).order_by("number_key")
    return slice_of(rows, asked={"party": party, "search": search}, limit=limit, cursor=cursor, tie="pk")


def contact_slice(
    *,
    viewer: Actor,
    at: datetime,
    account: str = "",
    party: str = "",
    quiet: bool = False,
    limit: int = FEW_ROWS,
    cursor: str = "",
) -> Slice[Contact]:
    """Live contacts of an account or of an outside party, one of the two, in the order in which they were entered;
    ``quiet``: only those who are not to be contacted on the day."""
    if bool(account) == bool(party):
        raise Refused(
            field="account",
            expected=gettext_noop("Expected an account or an outside party: one of the two."),
            remedy=gettext_noop("Name the one whose contacts are wanted."),
        )
    rows = Contact.objects.filter(ended_on__isnull=True).select_related("account")
    if account:
        rows = rows.filter(account=accounts.account(viewer=viewer, at=at, public_id=account))
    else:
        rows = rows.filter(account__party=accounts.party_with_accounts(viewer=viewer, at=at, public_id=party))
    if quiet:
        rows = rows.filter(Q(quiet=True) | Q(quiet_until__gt=day_of(at)))
    asked = {"account": account, "party": party, "quiet": quiet}
    return slice_of(rows.order_by("pk"), asked=asked, limit=limit, cursor=cursor, tie="pk")


def mined_slice(*, viewer: Actor, log: str, limit: int = FEW_ROWS, cursor: str = "") -> Slice[MinedPair]:
    """The pairs of a log, the most handovers first."""
    rows = mined_pairs(viewer=viewer, log=event_log(viewer=viewer, public_id=log)).order_by("-handovers")
    return slice_of(rows, asked={"log": log}, limit=limit, cursor=cursor, tie="pk")


def log_name_slice(
    *, viewer: Actor, log: str, unmatched_only: bool = False, limit: int = FEW_ROWS, cursor: str = ""
) -> Slice[LogParty]:
    """The names of a log, each with the party that it stands for; who hands over and receives most first."""
    found = event_log(viewer=viewer, public_id=log)
    rows = names_of(viewer=viewer, log=found, unmatched_only=unmatched_only).order_by("-handovers")
    return slice_of(rows, asked={"log": log, "unmatched": unmatched_only}, limit=limit, cursor=cursor, tie="pk")


def compared_slice(
    *, viewer: Actor, at: datetime, log: str, finding: str = "", limit: int = FEW_ROWS, cursor: str = ""
) -> Slice[Compared]:
    """The comparison of a log with the agreed chain, one finding or all; what needs a look first."""
    whole = comparison(viewer=viewer, at=at, log=event_log(viewer=viewer, public_id=log))
    places = {id(row): f"{place:08d}" for place, row in enumerate(whole.rows)}
    rows = [row for row in whole.rows if not finding or row.finding == finding]
    asked = {"log": log, "finding": finding}
    return slice_of_list(rows, key=lambda row: places[id(row)], asked=asked, limit=limit, cursor=cursor)


def gap_slice(
    *, viewer: Actor, at: datetime, filters: GapFilters, limit: int = FEW_ROWS, cursor: str = ""
) -> Slice[GapRow]:
    """Gaps in sight, in the order of their detectors."""
    order = {detector: f"{place:02d}" for place, detector in enumerate(Detector)}
    rows = chosen_gaps(viewer=viewer, rows=gaps(viewer=viewer, at=at), filters=filters)
    return slice_of_list(
        rows, key=lambda row: f"{order[row.gap.detector]} {row.gap.key}", asked=asdict(filters), limit=limit,
        cursor=cursor,
    )  # fmt: skip


def no_dealings_slice(
    *, viewer: Actor, at: datetime, party: str = "", limit: int = FEW_ROWS, cursor: str = ""
) -> Slice[NoDealings]:
    """Pairs in sight that have no dealings, of one ``party`` (public id) or all, by their public ids."""
    rows = no_dealings(viewer=viewer, at=at, party=party)
    return slice_of_list(rows, key=lambda row: row.answer.key, asked={"party": party}, limit=limit, cursor=cursor)


def succession_slice(
    *, viewer: Actor, at: datetime, party: str = "", limit: int = FEW_ROWS, cursor: str = ""
) -> Slice[PartySuccession]:
    """Which parties in sight came of which, in the order in which that was entered; of one ``party`` (public id), or
    all."""
    seen = Party.objects.filter(policy.sight_of(viewer, day_of(at)).parties)
    rows = PartySuccession.objects.filter(predecessor__in=seen, successor__in=seen)
    if party:
        rows = rows.filter(Q(predecessor__public_id=party) | Q(successor__public_id=party))
    rows = rows.select_related("predecessor", "successor").order_by("recorded_at")
    return slice_of(rows, asked={"party": party}, limit=limit, cursor=cursor)


def parents_in_sight(*, viewer: Actor, at: datetime, parties: list[Party]) -> dict[int, str]:
    """Public ids of those parents of ``parties`` that the viewer may know of, by primary key."""
    wanted = {party.parent_id for party in parties if party.parent_id is not None}
    if not wanted:
        return {}
    sight = policy.sight_of(viewer, day_of(at))
    return dict(Party.objects.filter(sight.parties, pk__in=wanted).values_list("pk", "public_id"))
