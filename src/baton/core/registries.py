"""How a low room meets a higher one without importing it.

A room fills these in its ``apps.py``; nobody imports upwards.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.http import HttpRequest

from baton.core.actors import Actor
from baton.core.rules import MailRhythm

T = TypeVar("T")


class Registry(Generic[T]):
    """Named entries in the order in which rooms added them; a name is taken once."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._entries: dict[str, T] = {}

    def add(self, name: str, entry: T) -> T:
        if name in self._entries:
            raise ValueError(f"{self.what} {name!r} is registered twice")
        self._entries[name] = entry
        return entry

    def get(self, name: str) -> T:
        """The entry, or KeyError with the names that exist."""
        try:
            return self._entries[name]
        except KeyError:
            raise KeyError(f"no {self.what} {name!r}; there are: {', '.join(sorted(self._entries))}") from None

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[tuple[str, T]]:
        return iter(self._entries.items())


@dataclass(frozen=True, slots=True)
class Subject:
    """What a page is about, as panels of other rooms need to know it.

    ``kind`` and ``public_id`` name the record and its policy; ``measured_as`` is the key under which monitoring keeps
    its measures (for a link the pair ``<supplier public id>><customer public id>``).
    """

    kind: str
    public_id: str
    measured_as: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A fragment that one room offers to another room's page.

    ``slot`` names the place (``link``, ``party``, ``home``); ``title`` heads the card; ``context(request, subject)``
    returns the template's values, or None where the panel has nothing to say to this viewer. ``order`` sorts panels.
    """

    slot: str
    title: Any
    template: str
    context: Callable[[HttpRequest, Subject], dict[str, Any] | None]
    order: int = 100


def _prepare_nothing(**given: Any) -> None:
    """Most bulk entries need nothing before their first row."""


def _seal_nothing(**given: Any) -> None:
    """Most bulk entries need nothing beside their rows when they begin to count."""


@dataclass(frozen=True, slots=True)
class BulkTarget:
    """A kind of record that may come in bulk, and how a room makes its rows; see ``baton.core.changes.bulk``.

    ``title`` names the rows for people, ``model`` is the label of their table (``chain.Link``), a ``Batched`` one.
    ``may_enter(actor)`` says who enters, sees and withdraws such entries.

    ``prepare(by=, at=, batch=, progress=)`` runs before the first row and again after a crash; what it does is visible
    at once and each of its steps must be short. ``rows(batch)`` yields one unsaved record for each row of the batch's
    file from ``rows_entered`` on, None for a row that makes none; it works without the write lock.
    ``admit(at=, batch=, first=, records=)`` gets a slice of them under the lock, checks what may have changed since,
    and numbers them. ``conflict(first=, records=)`` is the refusal to raise when the database found a unique key taken.
    ``sealed(by=, at=, batch=)`` is called in the change that makes the rows count.

    ``released`` are the values that give the unique keys of a withdrawn row back (``{"ended_on": F("began_on")}``).
    """

    title: Any
    model: str
    may_enter: Callable[[Actor], bool]
    rows: Callable[[Any], Iterator[Any]]
    admit: Callable[..., None]
    conflict: Callable[..., Exception]
    released: Mapping[str, Any]
    prepare: Callable[..., None] = _prepare_nothing
    sealed: Callable[..., None] = _seal_nothing


def _nothing_of(batch: str) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True)
class FactBuilder:
    """How a room's records become facts. Monitoring calls it and knows nothing else of the room.

    ``table`` names the fact table (``handovers``). ``kinds`` are the kinds of records that are its sources: every audit
    entry about one makes monitoring build its facts again. ``sources()`` lists the public ids of everything that yields
    facts now (for a rebuild from nothing). ``build(source)`` returns the facts of one source as a polars DataFrame, or
    None where it yields none (not yet, or withdrawn). No names leave: parties appear by public id only.
    ``in_batch(public_id)`` lists the sources among the records of a bulk entry that came or was withdrawn as a whole;
    a builder needs it whose kinds come in bulk. ``named(source)`` is what people call a source.
    """

    table: str
    kinds: frozenset[str]
    sources: Callable[[], list[str]]
    build: Callable[[str], Any]
    named: Callable[[str], str] = str
    in_batch: Callable[[str], Iterable[str]] = _nothing_of


def _nobody(public_id: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Keys:
    """What core services ask about the external keys of a kind of object.

    ``seen(actor, public_ids)`` says which of these are objects whose keys the actor sees,
    ``may_give(actor, public_id)`` whether he gives and withdraws them. ``name(actor, public_id)`` is what the page
    about the keys calls the object, ``subject(public_id)`` the public id of the person whose personal data its keys
    are, empty for nobody's.
    """

    seen: Callable[[Actor, Collection[str]], set[str]]
    may_give: Callable[[Actor, str], bool]
    name: Callable[[Actor, str], str]
    subject: Callable[[str], str] = _nobody


def _nobody_is_told(public_id: str) -> Iterable[Any]:
    return ()


@dataclass(frozen=True, slots=True)
class Discussion:
    """What core services ask about the comments on a kind of object; who sees the object reads them.

    ``name(public_id)`` is what the object is called, by language. ``told(public_id)`` are the people who are told of
    new comments without having asked for it, such as the heads of both sides; they may unfollow it.
    """

    name: Callable[[str], Mapping[str, str]]
    told: Callable[[str], Iterable[Any]] = _nobody_is_told


@dataclass(frozen=True, slots=True)
class Earlier:
    """Under which key an object was measured before it took over from another, up to which day, and what people call
    that time, in the reader's language."""

    measured_as: str
    until: date
    name: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What core services ask about a kind of object: may ``actor`` see it, and where is its page.

    ``measured_as(public_id)`` is the key under which monitoring keeps the object's measures, empty for an object that
    does not exist; None for kinds that are not measured. ``keys`` is None for kinds without external keys,
    ``discussion`` for kinds that nobody comments on. ``earlier`` says as what it was measured before.
    """

    may_see: Callable[[Actor, str], bool]
    address: Callable[[str], str]
    measured_as: Callable[[str], str] | None = None
    keys: Keys | None = None
    discussion: Discussion | None = None
    earlier: Callable[[Actor, str], Sequence[Earlier]] | None = None


@dataclass(frozen=True, slots=True)
class Retention:
    """``years`` after which records of a kind, or the values of a personal field, are no longer needed; ``purpose``
    says what they are kept for."""

    years: int
    purpose: Any


@dataclass(frozen=True, slots=True)
class ForgettingNote:
    """What goes and what stays in a room when somebody is forgotten, a sentence each; empty: nothing to say."""

    destroys: Any = ""
    leaves: Any = ""


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """A line of the side navigation, shown when ``shown(actor)``; ``count(actor)`` is how much waits there for him,
    and must be cheap: it is asked on every page."""

    label: Any
    icon: str
    url_name: str
    shown: Callable[[Actor], bool]
    order: int = 100
    count: Callable[[Actor], int] | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """Work that a worker does. ``run(by=, at=, progress=, **arguments)`` gets values that JSON can hold.

    A run may be repeated after a crash: it must leave the same state however often it is begun. ``rrule`` is its
    recurrence (RFC 5545, in UTC), empty for work that is done only when asked for. ``attempts`` is how often it is
    tried in all before it is given up. ``title`` names it for people.
    """

    title: Any
    run: Callable[..., Any]
    rrule: str = ""
    attempts: int = 5


def _everybody(actor: Actor) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Export:
    """A table that people take away. ``rows(viewer, at)`` yields what the viewer may see, a sequence of cells each.

    ``text`` says what stands in it; ``shown(actor)`` who may take it at all.
    """

    title: Any
    header: Callable[[], Sequence[str]]
    rows: Callable[[Actor, datetime], Iterable[Sequence[object]]]
    text: Any = ""
    shown: Callable[[Actor], bool] = _everybody


@dataclass(frozen=True, slots=True)
class Import:
    """A way to bring data: what it is, what to bring (``text``), the page on which it is done, and for whom."""

    title: Any
    text: Any
    url_name: str
    shown: Callable[[Actor], bool]


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of in-app message. ``message`` is an English template (a message id marked with gettext_noop) whose
    ``{placeholders}`` are filled from the values given to ``changes.notify``.

    ``title`` names the kind where people choose how soon they are told of it by e-mail; without one nobody is asked.
    ``rhythm`` holds until somebody chooses: at once only for what cannot wait until tomorrow."""

    message: str
    title: Any = ""
    rhythm: MailRhythm = MailRhythm.DAILY


@dataclass(frozen=True, slots=True)
class Announced:
    """A record as a group chat is told of it.

    ``name`` stands in the message, by language. ``shows`` are all records whose names stand in it, itself included, as
    (kind, public id): everybody in the chat must be allowed to see each. ``concerns`` are the groups that it concerns,
    as the rest of their audience's key: public ids of parties.
    """

    name: Mapping[str, str]
    shows: frozenset[tuple[str, str]]
    concerns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Audience:
    """A kind of groups of people who share a chat; one of them is called ``<kind>:<key>``, or ``<kind>`` alone.

    ``choices(actor, at)`` lists the (key, name) among which he who adds a chat chooses. ``people(key, at)`` are all who
    may be in it, ``leaders(key, at)`` those who are told when a chat is added for it. ``named(key)`` is its name by
    language. ``concerned``: it is told only of what concerns it. ``nameless``: it is told that something happened, and
    no name; then nobody is asked.
    """

    choices: Callable[[Actor, datetime], Iterable[tuple[str, str]]]
    people: Callable[[str, datetime], Iterable[Any]]
    leaders: Callable[[str, datetime], Iterable[Any]]
    named: Callable[[str], Mapping[str, str]]
    concerned: bool = False
    nameless: bool = False


@dataclass(frozen=True, slots=True)
class Findable:
    """What a search needs to know of one record.

    ``name`` is its title by language, ``texts`` everything else by which it is found (codes, names in both languages,
    notes; never contacts), ``note`` stands under the title. ``ended_on``: such are found after those that hold.
    """

    public_id: str
    number: str
    name: Mapping[str, str]
    texts: Sequence[str] = ()
    note: str = ""
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Searchable:
    """A kind of record that is found by its words. Who finds what: :data:`search_sights`.

    ``read(public_ids)`` yields those of the records that exist and count; what it leaves out is found no more.
    ``all_ids()`` names every record (for a rebuild). ``address(found)`` is the page of one; ``order`` sorts kinds.
    ``follows`` maps another kind of record whose texts stand in these to f(public ids of the changed ones) -> public
    ids of these. ``about(person)`` lists the records in which the name of a person (public id) may stand.
    """

    title: Any
    icon: str
    read: Callable[[Collection[str]], Iterable[Findable]]
    all_ids: Callable[[], Iterable[str]]
    address: Callable[[Findable], str]
    order: int = 100
    follows: Mapping[str, Callable[[Collection[str]], Iterable[str]]] = field(default_factory=dict)
    about: Callable[[str], Iterable[str]] = _nothing_of
    within: Callable[[Mapping[str, Any]], Any] | None = None


panels: Registry[Panel] = Registry("panel")
policies: Registry[Policy] = Registry("policy")
navigation: Registry[NavigationEntry] = Registry("navigation entry")
fact_builders: Registry[FactBuilder] = Registry("fact builder")
imports: Registry[Import] = Registry("import")
exports: Registry[Export] = Registry("export")
bulk_targets: Registry[BulkTarget] = Registry("target of bulk entries")
# What stands on the rows of a bulk entry without a foreign key to them, called as f(batch): label -> how many. Foreign
# keys are found by themselves.
dependants: Registry[Callable[[Any], Mapping[Any, int]]] = Registry("dependants")
jobs: Registry[Job] = Registry("job")
topics: Registry[Topic] = Registry("notification topic")
# How a group chat is told of a record of a kind, asked by public id; None where it is not: records of one person, say.
announcements: Registry[Callable[[str], Announced | None]] = Registry("announcement")
# Kinds of groups of people who share a chat.
audiences: Registry[Audience] = Registry("audience")
# Kinds of records that a search finds.
searchables: Registry[Searchable] = Registry("searchable kind")
# What of a room's kinds a viewer sees, called as f(viewer, at): kind -> rows of the records in his sight. A kind that
# is left out is not looked through for him. Of what is no record and yet talked about: a frozenset of ids.
search_sights: Registry[Callable[[Actor, datetime], Mapping[str, Any]]] = Registry("sight of a search")
# Called with each record that a change saved, in its transaction.
watchers: Registry[Callable[[Any], None]] = Registry("watcher")
# What people call an action of the audit trail (``link.added``); the trail keeps the code.
actions: Registry[Any] = Registry("action")
# Where the first page sends somebody while nobody has entered anything, called as f(actor); empty: nowhere.
landings: Registry[Callable[[Actor], str]] = Registry("landing")
# What tokens of the API may be used for (``chain:read``), with the words for people.
api_scopes: Registry[Any] = Registry("scope of the API")
# Routers of the API (ninja.Router) by the path under which they stand, such as ``parties``; "" for the top. Given by
# name, such as ``baton.chain.api.parties.router``, so that commands that answer no call do not load the API.
api_routers: Registry[Any] = Registry("router of the API")
# Whether the first actor is set over the second person (head of a department he belongs to): answered by the room that
# knows memberships, asked by the core before it lets a head hand over a reset code.
superiors: Registry[Callable[[Actor, Any], bool]] = Registry("superior")
# Whether the second person leads others (heads a party, or stands in for its head), asked by the first: answered by the
# room that knows memberships, asked by the core before HR changes the contacts to which a new password is sent.
leaders: Registry[Callable[[Actor, Any], bool]] = Registry("leader")
# What tells people of the same name apart where one is chosen, called as f(viewer, people): primary key -> a few words,
# such as the department, as far as the viewer may know it.
person_notes: Registry[Callable[[Actor, Sequence[Any]], Mapping[int, str]]] = Registry("person note")
# What a room does with its own records of somebody who is forgotten, called as f(by=, at=, person=) in that change,
# when the person already bears his new name and the key of his personal data is not destroyed yet.
forgetting: Registry[Callable[..., None]] = Registry("forgetting")
# What forgetting somebody destroys and leaves in a room, said before it is done.
forgetting_notes: Registry[ForgettingNote] = Registry("forgetting note")
# How long records of a kind are kept; kinds that are not named here: baton.core.retention.DEFAULT.
retention: Registry[Retention] = Registry("retention")


def panels_of(slot: str) -> list[tuple[str, Panel]]:
    """The panels of a slot in their order."""
    return sorted(((name, panel) for name, panel in panels if panel.slot == slot), key=lambda item: item[1].order)
