"""States, kinds and limits of the chain. Pure Python."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class PartyKind(StrEnum):
    """What a party is. Everybody who gives or receives work is a party, whatever its size.

    DEPARTMENT        a unit with a head; may stand under another one and hold teams and roles
    TEAM              a group that works together: a shift, a bench, a project
    ROLE              a post that people fill in turn, such as the duty pharmacist
    PERSON            one person of the organisation who is himself supplier or customer; carries his name
    WORKPLACE         a station of a line or a counter; one step of the work
    SHIFT             the people of a place between two times; hands over to the next shift of the same place
    CONSUMERS         a group of outside customers who need the same: outpatients, business travellers
    OUTSIDE_CUSTOMER  somebody beyond the organisation who receives its work: patient, buyer, passenger
    OUTSIDE_SUPPLIER  somebody beyond the organisation from whom work or goods come
    """

    DEPARTMENT = "department"
    TEAM = "team"
    ROLE = "role"
    PERSON = "person"
    WORKPLACE = "workplace"
    SHIFT = "shift"
    CONSUMERS = "consumers"
    OUTSIDE_CUSTOMER = "outside_customer"
    OUTSIDE_SUPPLIER = "outside_supplier"


OUTSIDE = frozenset({PartyKind.CONSUMERS, PartyKind.OUTSIDE_CUSTOMER, PartyKind.OUTSIDE_SUPPLIER})
OUTSIDE_CUSTOMERS = frozenset({PartyKind.CONSUMERS, PartyKind.OUTSIDE_CUSTOMER})


class Partner(StrEnum):
    """What an outside party is to the organisation beyond buying and selling; how far its links may be read follows
    from its :class:`Confidentiality`.

    PARTNER            works with the organisation for the long term
    FORMER_COMPETITOR  competed with it before and works with it now
    COMPETITOR         competes with it elsewhere
    """

    PARTNER = "partner"
    FORMER_COMPETITOR = "former_competitor"
    COMPETITOR = "competitor"


class Confidentiality(StrEnum):
    """Who of those who see the chain may read the links of an outside party.

    OPEN          as any other link
    CONFIDENTIAL  the two parties of the link and the quality manager, director and auditor
    """

    OPEN = "open"
    CONFIDENTIAL = "confidential"


class Capacity(StrEnum):
    """What somebody is in a party.

    HEAD    answers for the party and everything under it; one at a time
    DEPUTY  stands in for the head between two dates and within a scope, never in his own case
    MEMBER  works there; on an outside party: is its guest here
    """

    HEAD = "head"
    DEPUTY = "deputy"
    MEMBER = "member"


class Scope(StrEnum):
    """What a deputy may do in the head's place.

    ALL      everything that the head may do
    LINKS    add, change and end links
    MEMBERS  take in and end members
    """

    ALL = "all"
    LINKS = "links"
    MEMBERS = "members"


class Succession(StrEnum):
    """How parties came of others, and what that means for their charts.

    MERGE  several became one: its charts begin on that day, those of before stand at its predecessors
    SPLIT  one became several: what was measured before cannot be divided among them and stays with the old one
    """

    MERGE = "merge"
    SPLIT = "split"


MOVED_AT_ONCE = 1000
"""Most links, people, responsibilities, keys and parties that one merge or split carries over, in one transaction."""

PARTS = range(2, 9)
"""Into how many parties one may be split."""


class OutputKind(StrEnum):
    """What kind of thing a supplier hands over.

    SERVICE      work or goods that the customer asked for; rated on how well they serve him
    CONTROL      a verdict: audit, inspection, infection control. Rated on clarity, speed and even-handedness, never on
                 the verdict; its returns are not dissatisfaction
    INFORMATION  data, reports, answers
    """

    SERVICE = "service"
    CONTROL = "control"
    INFORMATION = "information"


class Responsible(StrEnum):
    """What a party is to an output (RACI).

    ACCOUNTABLE  answers for it, whoever does the work. Nobody is a gap, two are a gap
    RESPONSIBLE  does the work
    CONSULTED    is asked before it changes
    INFORMED     is told when it changes
    """

    ACCOUNTABLE = "accountable"
    RESPONSIBLE = "responsible"
    CONSULTED = "consulted"
    INFORMED = "informed"


class Stage(StrEnum):
    """Where the outside customer would see what a link hands over (service blueprint).

    FRONT  before the line of visibility: the customer sees it done
    BACK   behind it
    """

    FRONT = "front"
    BACK = "back"


class Lane(StrEnum):
    """A lane of a service blueprint (Shostack 1984), from the outside customer down.

    FRONT    before the line of visibility: he sees it done
    BACK     behind it, for somebody whom he deals with
    SUPPORT  behind it, two steps or more away from him
    UNSAID   nobody has said whether he sees it
    """

    FRONT = "front"
    BACK = "back"
    SUPPORT = "support"
    UNSAID = "unsaid"


def lane_of(stage: str, *, place: int, steps: int) -> Lane:
    """The lane of a link that is step ``place`` (1, 2, ...) of ``steps`` to the outside customer."""
    if stage == Stage.FRONT:
        return Lane.FRONT
    if stage == Stage.BACK:
        return Lane.BACK if steps - place <= 1 else Lane.SUPPORT
    return Lane.UNSAID


class Sourcing(StrEnum):
    """Why a customer gets an output from one supplier only.

    CHOSEN      as a partner for the long term, with a plan for the day on which he cannot deliver
    ACCIDENTAL  nobody decided it; a gap
    """

    CHOSEN = "chosen"
    ACCIDENTAL = "accidental"


GRADES = range(1, 6)
"""Grades of the criticality of a link: 1 least, 5 most."""


class Criticality(StrEnum):
    """How much hangs on a link, by the mean of its three grades: LOW below 2.5, MEDIUM below 3.75, HIGH from there on.

    The thresholds are starting values without a source.
    """

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


def criticality_score(*, spend: int | None, irreplaceability: int | None, impact: int | None) -> float | None:
    """The mean of the three grades, 1 to 5; None until all three are given."""
    grades = (spend, irreplaceability, impact)
    return None if None in grades else sum(grade for grade in grades if grade is not None) / len(grades)


def criticality(score: float | None) -> Criticality | None:
    """The class of a :func:`criticality_score`; None for None."""
    if score is None:
        return None
    return Criticality.LOW if score < 2.5 else Criticality.MEDIUM if score < 3.75 else Criticality.HIGH


def sums_of_grades(wanted: Criticality) -> list[int]:
    """The sums of three grades that mean this criticality; a database adds, but knows no thresholds."""
    sums = range(3 * GRADES[0], 3 * GRADES[-1] + 1)
    return [total for total in sums if criticality(total / 3) is wanted]


class Source(StrEnum):
    """How Baton learned of a link.

    DECLARED  somebody entered it
    MINED     somebody accepted it from an event log
    """

    DECLARED = "declared"
    MINED = "mined"


class State(StrEnum):
    """The state of a party, a membership or a link on a day; it follows from its two dates alone.

    PLANNED  its first day is still to come
    LIVE     from its first day on; a link in this state is one on which work is handed over
    ENDED    from its end date on (the interval is half-open: on the end date itself it no longer holds). An ended link
             is kept with its history and its measures and counts for nothing new. It is never taken up again: work
             that is handed over once more is a new link
    """

    PLANNED = "planned"
    LIVE = "live"
    ENDED = "ended"


def state_on(day: date, began_on: date, ended_on: date | None) -> State:
    """The state on ``day`` of what holds in ``[began_on, ended_on)``."""
    if ended_on is not None and ended_on <= day:
        return State.ENDED
    return State.LIVE if began_on <= day else State.PLANNED


def overlap(began: date, ended: date | None, other_began: date, other_ended: date | None) -> bool:
    """Whether two half-open intervals share a day; None is open."""
    return (other_ended is None or began < other_ended) and (ended is None or other_began < ended)


NAME_LENGTH = 200
"""Longest name or output, in characters, in each language."""

CODE_LENGTH = 60
"""Longest code of a party or an item, in characters."""

TREE_DEPTH = 12
"""Most levels of the tree of parties."""

HOPS = 2
"""How far along the chain members see from their own parties: customers and suppliers, and theirs."""

AT_ONCE = 100
"""Links that are entered in bulk while the person waits; more are entered by a worker."""

PAGE_ROWS = 50
"""Rows of one page of a list."""


MAP_PARTIES = 500
"""Most parties that a map draws; larger chains are collapsed to levels of the tree, and the page says so."""

MATRIX_SIDE = 30
"""A matrix opens as many levels of the tree as leave it at most this many suppliers and customers."""

MATRIX_MOST = 80
"""Most suppliers and most customers of one matrix; the others are left out, and the page says how many."""


class LogState(StrEnum):
    """How far an event log has come.

    UPLOADED   the file is there; nobody has said yet what its columns mean
    READING    the worker reads it
    MINED      pairs are shown; they change nothing yet
    ACCEPTED   its handovers are facts: charts of links are drawn from them
    FAILED     it could not be read; the reason is kept and the columns may be chosen again
    WITHDRAWN  taken back: file, pairs and facts are gone, the trail says so
    """

    UPLOADED = "uploaded"
    READING = "reading"
    MINED = "mined"
    ACCEPTED = "accepted"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Finding(StrEnum):
    """What the comparison of the mined with the agreed chain says of a pair.

    KEPT        agreed, and work is handed over
    UNDECLARED  work is handed over, but nobody agreed a link
    WAY_BACK    not agreed, but all of it is work that an agreed link in the other direction sends back
    MISSING     agreed, both parties are in the log, but never a handover
    DEAD        agreed, but the last handover lies longer than QUIET_DAYS before the end of the log
    """

    KEPT = "kept"
    UNDECLARED = "undeclared"
    WAY_BACK = "way_back"
    MISSING = "missing"
    DEAD = "dead"


QUIET_DAYS = 60
"""A link is called dead when its last handover lies this many days before the end of the log."""

MAP_EDGES = 80
"""Most edges of the map of a mined chain; the rarest are left out, and the page says how many."""


def finding(
    *, agreed: bool, handovers: int, sent_back: int = 0, quiet_days: float | None = None, dead_after: int = QUIET_DAYS
) -> Finding:
    """What to say of a pair.

    ``sent_back`` is the number of handovers that an agreed link in the other direction sent straight back;
    ``quiet_days`` are the days from the pair's last handover to the end of the log, if known.
    """
    if not agreed:
        return Finding.WAY_BACK if handovers <= sent_back else Finding.UNDECLARED
    if not handovers:
        return Finding.MISSING
    return Finding.DEAD if quiet_days is not None and quiet_days > dead_after else Finding.KEPT


def may_remember(system: str, party_kind: str) -> bool:
    """Whether the names of a log may become keys that its parties have in the ``system`` that wrote it.

    Not where they mean persons: a key that lasts would undo the pseudonym, or keep a name that nobody allowed to keep.
    """
    return bool(system) and party_kind != PartyKind.PERSON


class Detector(StrEnum):
    """A kind of gap: something about the chain that nobody has made clear.

    OUTPUT_WITHOUT_OWNER      handed over, and nobody is accountable for it
    OUTPUT_WITH_TWO_OWNERS    more than one party is accountable for it
    PARTY_WITHOUT_CUSTOMER    neither it nor anything in it hands over anything
    PERSON_WITHOUT_CUSTOMER   nothing that he belongs to hands over anything, nor does he himself
    LINK_WITHOUT_NEED         names no outside need, and the chain leads from it to nobody outside
    ACCIDENTAL_SINGLE_SOURCE  one outside supplier only, and nobody decided so
    CYCLE                     three or more parties of which each is, over others, its own customer. Legal; worth a look
    UNDECLARED                handed over in an accepted event log, without a link
    MISSING                   a link between two parties of an accepted event log, and never a handover
    DEAD                      a link whose last handover lies long before the end of the log
    BYPASS                    work goes straight from A to C where the links lead from A over B to C
    """

    OUTPUT_WITHOUT_OWNER = "output_without_owner"
    OUTPUT_WITH_TWO_OWNERS = "output_with_two_owners"
    PARTY_WITHOUT_CUSTOMER = "party_without_customer"
    PERSON_WITHOUT_CUSTOMER = "person_without_customer"
    LINK_WITHOUT_NEED = "link_without_need"
    ACCIDENTAL_SINGLE_SOURCE = "accidental_single_source"
    CYCLE = "cycle"
    UNDECLARED = "undeclared"
    MISSING = "missing"
    DEAD = "dead"
    BYPASS = "bypass"


class GapReply(StrEnum):
    """What somebody says to a gap.

    ASSIGNED     somebody is to close it, by a day if one is given; it stays open until the chain says otherwise
    NO_DEALINGS  these two have nothing to do with each other. Comes back when data disagree: see :func:`comes_back`
    ACCEPTED     known, and to stay as it is for the reason given. Comes back as above
    """

    ASSIGNED = "assigned"
    NO_DEALINGS = "no_dealings"
    ACCEPTED = "accepted"


class GapState(StrEnum):
    """Where a gap stands.

    OPEN      nobody has said anything
    BACK      it was answered, and since then the data speak for it much more: see :func:`comes_back`
    ASSIGNED  somebody is to close it
    ANSWERED  it may stay: no dealings, or accepted as it is
    """

    OPEN = "open"
    BACK = "back"
    ASSIGNED = "assigned"
    ANSWERED = "answered"


PAIR_DETECTORS = frozenset({Detector.UNDECLARED, Detector.BYPASS})
"""Gaps between two parties without a link; to these alone "no dealings" is an answer, and one answer holds for both."""


def comes_back(reply: GapReply, *, weight_then: int, weight_now: int) -> bool:
    """Whether an answered gap is open again because the data speak for it more than when it was answered.

    ``weight`` counts what speaks for the gap, such as handovers. More than half as much again, and at least five more,
    is more than another quiet month would bring.
    """
    if reply is GapReply.ASSIGNED:
        return False
    return weight_now >= weight_then + 5 and weight_now > 1.5 * weight_then


class ProposalState(StrEnum):
    """How far a proposed link has come.

    OPEN       waits for somebody who may enter links of the party
    ACCEPTED   became a link
    DECLINED   answered with a reason; it may be proposed again
    WITHDRAWN  taken back by whoever proposed it
    """

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Side(StrEnum):
    """What the other one is to the party for which a link is proposed."""

    CUSTOMER = "customer"
    SUPPLIER = "supplier"


NUMBER_LENGTH = 40
"""Longest account number, in characters."""

BUDGETS = range(32)
"""How often a contact may be contacted in a month."""


class Reachable(StrEnum):
    """Whether a contact may be contacted on a day, and if not, why.

    YES         he agreed, is not on the quiet list, and his budget of the month allows it
    NO_CONSENT  nobody has written down that he agreed
    QUIET       he asked not to be contacted, or not before a day
    BUDGET      he may not be contacted at all in a month
    ENDED       he is a contact no more, or his data were forgotten
    """

    YES = "yes"
    NO_CONSENT = "no_consent"
    QUIET = "quiet"
    BUDGET = "budget"
    ENDED = "ended"


def reachable(
    day: date, *, consented_on: date | None, quiet: bool, quiet_until: date | None, budget: int, ended_on: date | None
) -> Reachable:
    """Whether somebody may be contacted on ``day``; what was sent to him this month, the sender counts."""
    if ended_on is not None and ended_on <= day:
        return Reachable.ENDED
    if quiet or (quiet_until is not None and day < quiet_until):
        return Reachable.QUIET
    if consented_on is None or consented_on > day:
        return Reachable.NO_CONSENT
    return Reachable.YES if budget else Reachable.BUDGET
