"""A small hospital, built only through changes.py. Tests take their parties, links and people from here.

Parties (kind; head)

    Nursing (department; Liu Yang)
      Ward 3 (department; Wang Fang, deputy Zhou Min for links, members Chen Jie, Sun Lei)
        Night shift (team)
    Laundry (department; Zhao Lei, member Gao Ming)
    Pharmacy (department; Xu Jing)
    Laboratory (department; Ma Chao)
    Infection control (department; no head: a gap)
    Stores (department; He Ping)
    Patient (outside customer; member: guest Tom Reed)
    LinenCo (outside supplier)

Links (supplier > customer: output)

    laundry_ward     Laundry > Ward 3: clean linen
    ward_laundry     Ward 3 > Laundry: sorted used linen
    pharmacy_ward    Pharmacy > Ward 3: doses
    lab_ward         Laboratory > Ward 3: results (information)
    ward_patient     Ward 3 > Patient: care
    linenco_laundry  LinenCo > Laundry: new linen
    control_lab      Infection control > Laboratory: audits (control)
    linenco_stores   LinenCo > Stores: towels

So Chen Jie of Ward 3 sees, two hops along the chain, LinenCo (it serves the Laundry) and Infection control, but not
what LinenCo delivers to Stores. Nursing itself has no link. Organisation-wide roles: Lin Mei quality manager, Sun Yan
administrator, He Jun director, Wu Tao auditor, Qian Li HR, Tom Reed guest. Ivy Stone signs in but belongs to nothing:
the outsider. Nobody has a usable password; sign in with ``world.client(world.chen_jie)``.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING

import pytest

from baton.core.actors import Actor
from baton.core.rules import Role

if TYPE_CHECKING:
    from django.test import Client
    from django.test.client import ClientHandler

    from baton.chain.models import Link, Party
    from baton.core.models import Person
    from tests.databases import Databases

BEGAN = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
"""When everything was entered; a Monday."""

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
"""A moment at which the world is as described; also the present is one, because nothing but the deputy ends."""

DEPUTY_UNTIL = date(2099, 12, 31)

SYSTEM = Actor.system("world")


@dataclass
class World:
    """The objects by name: ``world.ward``, ``world.laundry_ward``, ``world.wang_fang``."""

    nursing: Party = field(init=False)
    ward: Party = field(init=False)
    night_shift: Party = field(init=False)
    laundry: Party = field(init=False)
    pharmacy: Party = field(init=False)
    laboratory: Party = field(init=False)
    infection_control: Party = field(init=False)
    stores: Party = field(init=False)
    patient: Party = field(init=False)
    linenco: Party = field(init=False)

    laundry_ward: Link = field(init=False)
    ward_laundry: Link = field(init=False)
    pharmacy_ward: Link = field(init=False)
    lab_ward: Link = field(init=False)
    ward_patient: Link = field(init=False)
    linenco_laundry: Link = field(init=False)
    control_lab: Link = field(init=False)
    linenco_stores: Link = field(init=False)

    lin_mei: Person = field(init=False)
    sun_yan: Person = field(init=False)
    he_jun: Person = field(init=False)
    wu_tao: Person = field(init=False)
    qian_li: Person = field(init=False)
    tom_reed: Person = field(init=False)
    ivy_stone: Person = field(init=False)
    liu_yang: Person = field(init=False)
    wang_fang: Person = field(init=False)
    zhou_min: Person = field(init=False)
    chen_jie: Person = field(init=False)
    sun_lei: Person = field(init=False)
    zhao_lei: Person = field(init=False)
    gao_ming: Person = field(init=False)
    xu_jing: Person = field(init=False)
    ma_chao: Person = field(init=False)
    he_ping: Person = field(init=False)

    @staticmethod
    def actor(person: Person) -> Actor:
        """``person`` as ``by=`` and ``viewer=`` carry him, in the roles that he holds at :data:`NOON`."""
        from baton.core.queries import roles_of

        return Actor(person, roles_of(person, NOON), "test")

    @staticmethod
    def client(person: Person | None = None) -> Client:
        """A browser in which ``person`` is signed in; without one a stranger's."""
        from django.test import Client

        client = Client()
        client.handler = _handler()
        if person is not None:
            begin_session(client, person)
        return client


@cache
def _handler() -> ClientHandler:
    """All middleware put together once for the browsers of a test, anew when a setting changes: some read them then."""
    from django.core.signals import setting_changed
    from django.test.client import ClientHandler

    setting_changed.connect(_put_together_anew)
    handler = ClientHandler(enforce_csrf_checks=False)
    handler.load_middleware()
    return handler


def _put_together_anew(**changed: object) -> None:
    _handler.cache_clear()


def begin_session(client: Client, person: Person) -> None:
    """Put a session of ``person`` into the browser, as it is after he has signed in.

    What signing in does besides (it is counted, limited and audited) is left out: tests would spend a twentieth of
    their time on it.
    """
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from baton.core.middleware import BEGAN as BEGAN_KEY
    from baton.core.middleware import SEEN

    now = datetime.now(UTC).timestamp()
    session = SessionStore()
    session.update({
        SESSION_KEY: str(person.pk), BACKEND_SESSION_KEY: "baton.core.accounts.backends.SignInBackend",
        HASH_SESSION_KEY: person.get_session_auth_hash(), BEGAN_KEY: now, SEEN: now,
    })  # fmt: skip
    session.save()
    assert session.session_key is not None
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key


PEOPLE: dict[str, tuple[str, str, Role | None]] = {
    "lin_mei": ("Lin Mei", "林梅", Role.QUALITY_MANAGER),
    "sun_yan": ("Sun Yan", "孙燕", Role.ADMINISTRATOR),
    "he_jun": ("He Jun", "何军", Role.DIRECTOR),
    "wu_tao": ("Wu Tao", "吴涛", Role.AUDITOR),
    "qian_li": ("Qian Li", "钱丽", Role.HR),
    "tom_reed": ("Tom Reed", "", Role.GUEST),
    "ivy_stone": ("Ivy Stone", "", None),
    "liu_yang": ("Liu Yang", "刘洋", None),
    "wang_fang": ("Wang Fang", "王芳", None),
    "zhou_min": ("Zhou Min", "周敏", None),
    "chen_jie": ("Chen Jie", "陈洁", None),
    "sun_lei": ("Sun Lei", "孙磊", None),
    "zhao_lei": ("Zhao Lei", "赵磊", None),
    "gao_ming": ("Gao Ming", "高明", None),
    "xu_jing": ("Xu Jing", "徐静", None),
    "ma_chao": ("Ma Chao", "马超", None),
    "he_ping": ("He Ping", "贺平", None),
}


def build() -> World:
    """Enter the hospital into the database that this process is connected to."""
    world = World()
    _people(world)
    _parties(world)
    _members(world)
    _links(world)
    return world


def _people(world: World) -> None:
    from baton.core.changes import add_person, give_role

    for key, (english, chinese, role) in PEOPLE.items():
        name = {"en": english, **({"zh-hans": chinese} if chinese else {})}
        person = add_person(by=SYSTEM, at=BEGAN, sign_in_name=key.replace("_", "."), name=name)
        setattr(world, key, person)
        if role is not None:
            give_role(by=SYSTEM, at=BEGAN, person=person, role=role)


def _parties(world: World) -> None:
    from baton.chain.changes import add_party
    from baton.chain.rules import PartyKind

    def add(english: str, chinese: str, kind: PartyKind, *, parent: Party | None = None, code: str = "") -> Party:
        name = {"en": english, "zh-hans": chinese}
        return add_party(by=SYSTEM, at=BEGAN, party_kind=kind, name=name, parent=parent, code=code)

    department = PartyKind.DEPARTMENT
    world.nursing = add("Nursing", "护理部", department)
    world.ward = add("Ward 3", "三病区", department, parent=world.nursing, code="W3")
    world.night_shift = add("Night shift", "夜班", PartyKind.TEAM, parent=world.ward)
    world.laundry = add("Laundry", "洗衣房", department, code="LD")
    world.pharmacy = add("Pharmacy", "药房", department)
    world.laboratory = add("Laboratory", "检验科", department)
    world.infection_control = add("Infection control", "感染管理科", department)
    world.stores = add("Stores", "库房", department)
    world.patient = add("Patient", "患者", PartyKind.OUTSIDE_CUSTOMER)
    world.linenco = add("LinenCo", "布草公司", PartyKind.OUTSIDE_SUPPLIER)


def _members(world: World) -> None:
    from baton.chain.changes import appoint
    from baton.chain.rules import Capacity, Scope

    heads = {
        "liu_yang": world.nursing, "wang_fang": world.ward, "zhao_lei": world.laundry, "xu_jing": world.pharmacy,
        "ma_chao": world.laboratory, "he_ping": world.stores,
    }  # fmt: skip
    members = {"chen_jie": world.ward, "sun_lei": world.ward, "gao_ming": world.laundry, "tom_reed": world.patient}
    for capacity, people in ((Capacity.HEAD, heads), (Capacity.MEMBER, members)):
        for key, party in people.items():
            appoint(by=SYSTEM, at=BEGAN, party=party, person=getattr(world, key), capacity=capacity)
    appoint(
        by=SYSTEM, at=BEGAN, party=world.ward, person=world.zhou_min, capacity=Capacity.DEPUTY, scope=Scope.LINKS,
        ended_on=DEPUTY_UNTIL, note="Stands in for links",
    )  # fmt: skip


def _links(world: World) -> None:
    from baton.chain.changes import add_link
    from baton.chain.rules import OutputKind

    def add(supplier: Party, customer: Party, english: str, chinese: str, kind: OutputKind) -> Link:
        output = {"en": english, "zh-hans": chinese}
        return add_link(
            by=SYSTEM, at=BEGAN, supplier=supplier, customer=customer, output=output, output_kind=kind
        )  # fmt: skip

    service, control, information = OutputKind.SERVICE, OutputKind.CONTROL, OutputKind.INFORMATION
    world.laundry_ward = add(world.laundry, world.ward, "Clean linen", "洁净布草", service)
    world.ward_laundry = add(world.ward, world.laundry, "Sorted used linen", "分类污布草", service)
    world.pharmacy_ward = add(world.pharmacy, world.ward, "Doses", "药品", service)
    world.lab_ward = add(world.laboratory, world.ward, "Results", "检验结果", information)
    world.ward_patient = add(world.ward, world.patient, "Care", "护理", service)
    world.linenco_laundry = add(world.linenco, world.laundry, "New linen", "新布草", service)
    world.control_lab = add(world.infection_control, world.laboratory, "Audits", "审核", control)
    world.linenco_stores = add(world.linenco, world.stores, "Towels", "毛巾", service)


@dataclass(frozen=True)
class EnteredWorld:
    """A database that holds the hospital; every test gets objects of its own."""

    databases: Databases
    objects: bytes

    @classmethod
    def enter(cls, databases: Databases) -> EnteredWorld:
        """Build the hospital in ``databases``, to which this process is connected."""
        return cls(databases, pickle.dumps(build()))

    def world(self) -> World:
        """The objects as they were when the hospital had been entered."""
        made = pickle.loads(self.objects)
        assert isinstance(made, World)
        return made


@pytest.fixture
def world(entered_world: EnteredWorld, db: None) -> World:
    """The hospital; what the test does to it is rolled back."""
    return entered_world.world()
