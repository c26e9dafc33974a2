"""Every call of the API with a token of every person of the test world, of every scope, and without one.

The calls are read from the API itself: one that is added is looked at without being named here. What a person may is
said once, in ``EXPECTED``, in the words of the rooms' policies; a call for which nothing is said fails the test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from ninja import Router

from baton.chain import changes as chain
from baton.chain.changes.proposals import ProposedLink
from baton.chain.models import (
    Account,
    Contact,
    EventLog,
    GapAnswer,
    LinkProposal,
    Membership,
    Output,
    OutsideNeed,
    Party,
    Project,
    Responsibility,
)
from baton.chain.queries import gap as gap_of
from baton.chain.queries.gap_detectors import pair_key
from baton.chain.rules import GapReply, Side
from baton.core import changes, policy, registries
from baton.core.api import limits, service
from baton.core.api.door import ANY_SCOPE, FILE_TYPE, ApiRequest, Door
from baton.core.api.endpoints import reads
from baton.core.api.schemas import Shown
from baton.core.audit.trail import change
from baton.core.models import Batch, ImportRun, Person, Webhook
from baton.core.registries import Subject
from baton.core.rules import Role
from baton.core.webhooks.changes import add_webhook
from baton.monitoring import changes as monitoring
from baton.monitoring.models import PhaseStart, Signal, SignalRule, Specification, StoredMeasure
from tests.api import ALL_SCOPES, Program, said, token_for
from tests.rooms.api import matrix_agreements as agreed
from tests.rooms.api.matrix_people import (
    ADMINISTRATORS,
    EVERYBODY,
    GUESTS,
    HEADS_OF_THE_WARD,
    IMPORTERS,
    KEEPERS,
    LEADERS,
    LINKS_ALL,
    LINKS_OF_THE_WARD,
    LOGS,
    NEAR_THE_WARD,
    OF_THE_LAUNDRY,
    OF_THE_WARD,
    PEOPLE_LISTED,
    SEES_ALL,
    SEES_LINEN,
)
from tests.rooms.imports.tables import checked, entered
from tests.world import NOON, PEOPLE, SYSTEM, World

FILE = b"case,time,team\n1,2026-03-02T08:00:00Z,Ward 3\n1,2026-03-02T09:00:00Z,Laboratory\n"


@dataclass(frozen=True)
class Call:
    """One call: ``name`` is the name of its function."""

    name: str
    method: str
    path: str
    door: Any


def calls() -> list[Call]:
    """All calls, in the order of their names."""
    found = []
    for bound in service.api()._get_bound_routers():
        for path, view in bound.path_operations.items():
            for operation in view.operations:
                door = next(iter(operation.auth_callbacks), None)
                for method in operation.methods:
                    full = re.sub("/+", "/", f"/{bound.prefix}/{path}").rstrip("/")
                    found.append(Call(operation.view_func.__name__, method, full, door))
    return sorted(found, key=lambda call: call.name)


def undecided(found: list[Call]) -> list[str]:
    """Calls that do not pass the door, or whose scope nobody has declared."""
    known = {ANY_SCOPE, *(name for name, _words in registries.api_scopes)}
    return [call.name for call in found if not isinstance(call.door, Door) or call.door.scope not in known]


def test_every_call_has_a_scope_and_a_policy() -> None:
    assert len(calls()) >= 20
    assert undecided(calls()) == []


def test_calls_that_write_have_a_scope_of_their_own_and_a_key() -> None:
    for call in calls():
        assert call.door.writes is (call.method != "GET"), call.name
        assert call.door.scope.endswith(":write") is call.door.writes, call.name


def test_a_planted_call_without_scope_is_noticed() -> None:
    router = Router()

    @router.get("/bare")
    def bare(request: ApiRequest) -> None: ...

    @reads(router, "/other", scope="nobody:knows", may=policy.is_signed_in, response=Shown, summary="")
    def other(request: ApiRequest) -> None: ...

    planted = [
        Call(name, "GET", path, next(iter(view.operations[0].auth_callbacks), None))
        for path, view in router.path_operations.items()
        for name in [view.operations[0].view_func.__name__]
    ]
    assert undecided(planted) == ["bare", "other"]


# Who is answered 200 or 201; everybody else is refused with the status behind the bar. The groups of matrix_people are
# worked out for the record that the call is about: Ward 3, the link Laundry > Ward 3, Chen Jie's membership, Chen Jie.
EXPECTED: dict[str, tuple[frozenset[str], dict[str, int]]] = {
    # name of the call -> (who may, status of those who may not; "" for all others)
    "read_me": (EVERYBODY, {}),
    "list_words": (EVERYBODY, {}),
    "search_everything": (EVERYBODY, {}),
    "list_views": (EVERYBODY - GUESTS, {"": 403}),
    "list_comments": (LINKS_ALL | NEAR_THE_WARD, {"tom_reed": 403, "": 404}),
    "list_people": (PEOPLE_LISTED, {"": 403}),
    "read_person": (PEOPLE_LISTED | {"chen_jie"}, {"": 404}),
    "list_parties": (EVERYBODY, {}),
    "read_party": (SEES_ALL | NEAR_THE_WARD, {"": 404}),
    "find_party": (EVERYBODY, {}),
    "list_memberships": (EVERYBODY, {}),
    "read_membership": (SEES_ALL | NEAR_THE_WARD, {"": 404}),
    "list_links": (EVERYBODY - GUESTS, {"": 403}),
    "read_link": (LINKS_ALL | NEAR_THE_WARD, {"tom_reed": 403, "": 404}),
    "list_outputs": (EVERYBODY - GUESTS, {"": 403}),
    "read_output": (SEES_LINEN, {"tom_reed": 403, "": 404}),
    "list_needs": (EVERYBODY - GUESTS, {"": 403}),
    "read_need": (SEES_ALL | NEAR_THE_WARD, {"tom_reed": 403, "": 404}),
    "list_projects": (EVERYBODY - GUESTS, {"": 403}),
    "read_project": (SEES_LINEN, {"tom_reed": 403, "": 404}),
    "read_map": (EVERYBODY - GUESTS, {"": 403}),
    "list_successions": (EVERYBODY, {}),
    "read_holdings": (HEADS_OF_THE_WARD, {**dict.fromkeys(SEES_ALL | OF_THE_WARD | GUESTS, 403), "": 404}),
    "list_proposals": (EVERYBODY - GUESTS, {"": 403}),
    "read_paths": (EVERYBODY - GUESTS, {"": 403}),
    "list_gaps": (EVERYBODY - GUESTS, {"": 403}),
    "read_gap": (LINKS_ALL | {"zhao_lei", "gao_ming"}, {"tom_reed": 403, "": 404}),
    "list_event_logs": (LOGS, {"": 403}),
    **dict.fromkeys(("read_event_log", "list_pairs", "list_log_names", "compare_event_log"), (LOGS, {"": 403})),
    **dict.fromkeys(
        ("list_phases", "list_limits", "read_capability"), (LINKS_ALL | NEAR_THE_WARD, {"tom_reed": 403, "": 404})
    ),
    "read_measures": (LINKS_ALL | NEAR_THE_WARD, {"tom_reed": 403, "": 404}),
    "list_imports": (PEOPLE_LISTED | IMPORTERS, {"": 403}),
    "read_import": (IMPORTERS | {"wu_tao"}, {**dict.fromkeys({"sun_yan", "qian_li"}, 404), "": 403}),
    "list_webhooks": (ADMINISTRATORS, {"": 403}),
    "read_webhook": (ADMINISTRATORS, {"": 403}),
    "list_deliveries": (ADMINISTRATORS, {"": 403}),
    "list_no_dealings": (EVERYBODY - GUESTS, {"": 403}),
    "read_no_dealings": (SEES_ALL | NEAR_THE_WARD, {"tom_reed": 403, "": 404}),
    "read_reading": (frozenset({"lin_mei"}), {"": 403}),
    "list_bulk_links": (frozenset({"lin_mei", "wu_tao"}), {"": 403}),
    "read_bulk_links": (frozenset({"lin_mei", "wu_tao"}), {"": 403}),
    "find_account": (EVERYBODY - GUESTS, {"": 403}),
    "list_accounts": (KEEPERS, {"tom_reed": 403, "": 404}),
    "read_account": (KEEPERS, {"tom_reed": 403, "": 404}),
    "list_contacts": (KEEPERS, {"tom_reed": 403, "": 404}),
    "read_contact": (KEEPERS, {"tom_reed": 403, "": 404}),
    **dict.fromkeys(("list_signals", "read_expected_signals"), (EVERYBODY - GUESTS, {"": 403})),
    "read_signal": (LINKS_ALL | NEAR_THE_WARD, {"tom_reed": 403, "": 404}),
    "list_signals_of_link": (LINKS_ALL | NEAR_THE_WARD, {"tom_reed": 403, "": 404}),
    "list_violations": (LINKS_ALL | NEAR_THE_WARD, {"tom_reed": 403, "": 404}),
    "list_signal_rules": (EVERYBODY - GUESTS, {"": 403}),
    "read_monitoring_state": (frozenset({"lin_mei", "sun_yan", "wu_tao"}), {"": 403}),
    **agreed.READS,
}

# Changes: who may; those who see it are refused with 403, those who do not with 404, or 422 where the body names it.
WRITES: dict[str, tuple[frozenset[str], frozenset[str], int]] = {
    # name of the call -> (who may, who sees what it is about, status of those who do not see it)
    "add_party": (HEADS_OF_THE_WARD, SEES_ALL | NEAR_THE_WARD, 422),
    "rename_party": (HEADS_OF_THE_WARD, SEES_ALL | NEAR_THE_WARD, 404),
    "move_party": (frozenset({"lin_mei", "liu_yang"}), SEES_ALL | OF_THE_WARD, 404),
    "end_party": (HEADS_OF_THE_WARD, SEES_ALL | OF_THE_WARD, 404),
    "merge_parties": (HEADS_OF_THE_WARD, SEES_ALL | OF_THE_WARD, 404),
    "split_party": (HEADS_OF_THE_WARD, SEES_ALL | OF_THE_WARD, 404),
    "describe_partner": (frozenset({"lin_mei"}), SEES_ALL | {"zhao_lei", "gao_ming", "he_ping"} | OF_THE_WARD, 404),
    "propose_link": (OF_THE_WARD | {"lin_mei"}, SEES_ALL | NEAR_THE_WARD, 422),
    "accept_proposal": (HEADS_OF_THE_WARD | {"zhou_min"}, HEADS_OF_THE_WARD | {"zhou_min", "chen_jie"}, 404),
    "decline_proposal": (HEADS_OF_THE_WARD | {"zhou_min"}, HEADS_OF_THE_WARD | {"zhou_min", "chen_jie"}, 404),
    "withdraw_proposal": (frozenset({"chen_jie"}), HEADS_OF_THE_WARD | {"zhou_min"}, 404),
    "assign_gap": (OF_THE_LAUNDRY, LINKS_ALL | {"zhao_lei", "gao_ming"}, 404),
    "answer_gap": (OF_THE_LAUNDRY, LINKS_ALL | {"zhao_lei", "gao_ming"}, 404),
    "withdraw_gap_answer": (OF_THE_LAUNDRY, LINKS_ALL | {"zhao_lei", "gao_ming"}, 404),
    "state_no_dealings": (frozenset({"lin_mei", "xu_jing", "ma_chao"}), SEES_ALL | NEAR_THE_WARD, 422),
    "withdraw_no_dealings": (frozenset({"lin_mei", "xu_jing", "ma_chao"}), SEES_ALL | NEAR_THE_WARD, 404),
    "add_links_in_bulk": (frozenset({"lin_mei"}), EVERYBODY, 404),
    "say_how_far_members_read": (frozenset({"lin_mei"}), EVERYBODY, 403),
    "withdraw_bulk_links": (frozenset({"lin_mei"}), EVERYBODY, 404),
    "give_party_key": (HEADS_OF_THE_WARD, SEES_ALL | NEAR_THE_WARD, 404),
    "withdraw_party_key": (HEADS_OF_THE_WARD, SEES_ALL | NEAR_THE_WARD, 404),
    "appoint": (HEADS_OF_THE_WARD, SEES_ALL | NEAR_THE_WARD, 422),
    "end_membership": (HEADS_OF_THE_WARD, SEES_ALL | NEAR_THE_WARD, 404),
    "add_link": (LINKS_OF_THE_WARD, SEES_ALL | NEAR_THE_WARD, 422),
    "change_link": (LINKS_OF_THE_WARD, LINKS_ALL | NEAR_THE_WARD, 404),
    "end_link": (LINKS_OF_THE_WARD, LINKS_ALL | NEAR_THE_WARD, 404),
    # the auditor reads and says nothing
    "add_comment": ((LINKS_ALL | NEAR_THE_WARD) - {"wu_tao"}, LINKS_ALL | NEAR_THE_WARD, 422),
    "check_table": (IMPORTERS, EVERYBODY, 403),
    **dict.fromkeys(
        (
            "bring_event_log",
            "choose_log_columns",
            "accept_event_log",
            "withdraw_event_log",
            "match_log_name",
            "make_links_of_pairs",
        ),
        (frozenset({"lin_mei"}), EVERYBODY, 403),
    ),
    # administrators and HR import people, and see no other imports
    "enter_import": (IMPORTERS, EVERYBODY - {"sun_yan", "qian_li"}, 404),
    "withdraw_import": (IMPORTERS, EVERYBODY - {"sun_yan", "qian_li"}, 404),
    "rename_word": (ADMINISTRATORS, frozenset(), 403),
    "add_webhook": (ADMINISTRATORS, frozenset(), 403),
    "pause_webhook": (ADMINISTRATORS, frozenset(), 403),
    "resume_webhook": (ADMINISTRATORS, frozenset(), 403),
    "judge_link": (LINKS_OF_THE_WARD, LINKS_ALL | NEAR_THE_WARD, 404),
    "assign_link_to_project": (LINKS_OF_THE_WARD, LINKS_ALL | NEAR_THE_WARD, 404),
    "promise_to_staff": (HEADS_OF_THE_WARD, SEES_ALL | NEAR_THE_WARD, 404),
    "make_accountable": (OF_THE_LAUNDRY, SEES_LINEN, 404),
    "add_output": (LEADERS, EVERYBODY, 404),
    "change_output": (OF_THE_LAUNDRY, SEES_LINEN, 404),
    "end_output": (LEADERS, LINKS_ALL, 404),  # one that nobody hands over yet: whoever may enter links
    "revise_output": (OF_THE_LAUNDRY, SEES_LINEN, 404),
    "give_responsibility": (OF_THE_LAUNDRY, SEES_LINEN, 404),
    "end_responsibility": (OF_THE_LAUNDRY, SEES_LINEN, 404),
    "add_need": (LEADERS & (SEES_ALL | NEAR_THE_WARD), SEES_ALL | NEAR_THE_WARD, 422),
    "change_need": (LEADERS & (SEES_ALL | NEAR_THE_WARD), SEES_ALL | NEAR_THE_WARD, 404),
    "end_need": (LEADERS & (SEES_ALL | NEAR_THE_WARD), SEES_ALL | NEAR_THE_WARD, 404),
    "add_project": (OF_THE_LAUNDRY, SEES_LINEN, 422),
    "change_project": (OF_THE_LAUNDRY, SEES_LINEN, 404),
    "end_project": (OF_THE_LAUNDRY, SEES_LINEN, 404),
    "add_account": (KEEPERS, SEES_ALL | NEAR_THE_WARD, 422),
    "change_account": (KEEPERS, KEEPERS, 404),
    "end_account": (KEEPERS, KEEPERS, 404),
    "add_contact": (KEEPERS, KEEPERS, 422),
    "change_contact": (KEEPERS, KEEPERS, 404),
    "end_contact": (KEEPERS, KEEPERS, 404),
    "show_contact": (KEEPERS, KEEPERS, 404),
    "forget_contact": (frozenset({"lin_mei"}), KEEPERS, 404),
    "give_account_key": (KEEPERS, KEEPERS, 404),
    "withdraw_account_key": (KEEPERS, KEEPERS, 404),
    **dict.fromkeys(
        ("see_signal", "explain_signal", "close_signal", "reopen_signal", "give_signal"),
        (LINKS_OF_THE_WARD, LINKS_ALL | NEAR_THE_WARD, 404),
    ),
    **dict.fromkeys(
        ("start_phase", "correct_phase", "withdraw_phase", "say_limits", "withdraw_limits"),
        (frozenset({"lin_mei"}), LINKS_ALL | NEAR_THE_WARD, 404),
    ),
    "add_signal_rule": (frozenset({"lin_mei", "sun_yan"}), EVERYBODY, 403),  # for the holders of a role
    "withdraw_signal_rule": (frozenset({"chen_jie", "lin_mei", "sun_yan"}), frozenset(), 404),
    **agreed.WRITES,
}


def expected(call: Call, who: str) -> set[int]:
    """What the call is to be answered with."""
    if call.name in EXPECTED:
        may, others = EXPECTED[call.name]
        return {200} if who in may else {others.get(who, others[""])}
    may, sees, hidden = WRITES[call.name]
    if who in may:
        return {200, 201}
    return {403} if who in sees | GUESTS else {hidden}


@dataclass
class Bodies:
    """What each call is made with: the record that it is about, and a body that fits."""

    world: World
    log: EventLog
    webhook: Webhook
    gloves: Output
    held: Responsibility
    need: OutsideNeed
    project: Project
    gap: GapAnswer
    day_shift: Party
    proposal: LinkProposal
    account: Account
    contact: Contact
    batch: Batch
    no_dealings: GapAnswer
    table: ImportRun
    entered: ImportRun
    signal: Signal
    closed_signal: Signal
    signal_rule: SignalRule
    phase: PhaseStart
    limits: Specification
    agreed: agreed.Records
    version: int = field(default=0, init=False)

    @property
    def own(self) -> dict[str, Any]:
        """First part of a path -> the record that calls below it are about."""
        return {
            "responsibilities": self.held, "needs": self.need, "projects": self.project, "accounts": self.account,
            "contacts": self.contact, "bulk-links": self.batch, "no-dealings": self.no_dealings, "imports": self.table,
            "signals": self.signal, "signal-rules": self.signal_rule, **self.agreed.own,
        }  # fmt: skip

    def below_link(self, call: Call, record: Any) -> Any:
        """What the call changes, where that stands below the ``record`` of its path."""
        found = {"{slug:phase}": self.phase, "{slug:limits}": self.limits}
        return next((said_of_link for part, said_of_link in found.items() if part in call.path), record)

    def path(self, call: Call) -> str:
        record: Any = self.world.chen_jie
        if call.path.startswith("/parties"):
            below = {"move_party", "end_party", "merge_parties", "split_party", "read_holdings"}
            record = self.world.night_shift if call.name in below else self.world.ward
            record = self.world.linenco if call.name == "describe_partner" else record
        elif call.path.startswith("/proposals"):
            record = self.proposal
        elif call.path.startswith("/gaps"):
            record = self.gap
        elif "/links" in call.path:
            record = self.world.laundry_ward
        elif call.path.startswith("/outputs"):
            record = self.gloves if call.name == "end_output" else self.world.laundry_ward.output
        elif (first := call.path.split("/")[1]) in self.own:
            others = {
                "withdraw_import": self.entered, "reopen_signal": self.closed_signal,
                "restore_clause": self.agreed.dropped,
            }  # fmt: skip
            record = others.get(call.name, self.own[first])
        elif call.path.startswith("/memberships"):
            record = Membership.objects.get(person=self.world.chen_jie)
        elif call.path.startswith("/webhooks"):
            record = self.webhook
        elif call.path.startswith("/event-logs"):
            record = self.log
        self.version = self.below_link(call, record).changed_seq
        query = {
            "find_party": "?system=SAP&key=4000-1",
            "find_account": "?system=CRM&key=C-1",
            "search_everything": "?q=laundry",
            "list_accounts": f"?party={self.world.patient.public_id}",
            "list_contacts": f"?account={self.account.public_id}",
            "bring_event_log": "?name=more.csv",
            "list_comments": f"?kind=link&record={self.world.laundry_ward.public_id}",
            "count_business_time": "?begin=2026-09-30T08:00:00Z&end=2026-10-09T02:00:00Z",
        }.get(call.name, "")
        key = f"accidental_single_source/{self.world.linenco_laundry.public_id}"
        path = call.path.replace("{slug:detector}/{str:key}", key)
        path = path.replace("{slug:word}/{slug:language}", "link/en")
        path = path.replace("{slug:phase}", self.phase.public_id).replace("{slug:limits}", self.limits.public_id)
        return path.replace("{slug:public_id}", record.public_id) + query

    def body(self, call: Call) -> Any:
        ward, laundry = self.world.ward.public_id, self.world.laundry.public_id
        return {
            "add_party": {"kind": "team", "name": {"en": "New"}, "parent": ward},
            "rename_party": {"name": {"en": "Ward three"}, "version": self.version},
            "move_party": {"parent": self.world.nursing.public_id, "version": self.version},
            "end_party": {"version": self.version},
            "merge_parties": {"others": [self.day_shift.public_id], "name": {"en": "Shifts"}, "version": self.version},
            "split_party": {"names": [{"en": "A"}, {"en": "B"}], "assigned": {}, "version": self.version},
            "describe_partner": {"partner": "partner", "confidentiality": "open", "version": self.version},
            "propose_link": {"party": ward, "side": "supplier", "other": "Pharmacy", "output": "Drips"},
            "accept_proposal": {"other": self.world.pharmacy.public_id, "version": self.version},
            "decline_proposal": {"reason": "Others do that", "version": self.version},
            "withdraw_proposal": {"version": self.version},
            "assign_gap": {"person": self.world.gao_ming.public_id, "version": self.version},
            "answer_gap": {"reply": "accepted", "reason": "Known", "version": self.version},
            "withdraw_gap_answer": {"version": self.version},
            "give_party_key": {"system": "SAP", "key": "4000-9"},
            "withdraw_party_key": {"system": "SAP", "key": "4000-1"},
            "appoint": {"party": ward, "person": self.world.ivy_stone.public_id, "capacity": "member"},
            "end_membership": {"version": self.version},
            "add_link": {"supplier": laundry, "customer": ward, "output": {"en": "Towels, small"}},
            "change_link": {"output": {"en": "Linen"}, "output_kind": "service", "version": self.version},
            "end_link": {"version": self.version},
            "add_comment": {
                "kind": "link",
                "record": self.world.laundry_ward.public_id,
                "words": "@Zhao Lei, please look.",
            },
            "check_table": {"target": "outputs", "name": "Nightly", "table": "Name (English)\nScrubs\n"},
            "choose_log_columns": {
                "case": "case",
                "party": "team",
                "party_kind": "team",
                "time": "time",
                "version": self.version,
            },
            "accept_event_log": {"version": self.version},
            "withdraw_event_log": {"reason": "Wrong file", "version": self.version},
            "match_log_name": {"name": "Porters", "party": self.world.stores.public_id, "seen": None},
            "make_links_of_pairs": {
                "pairs": [{"supplier": "Ward 3", "customer": "Laboratory"}],
                "output": {"en": "Specimens"},
            },
            "enter_import": {"version": self.version},
            "withdraw_import": {"version": self.version, "reason": "Wrong file"},
            "rename_word": {"singular": "agreement", "plural": "agreements"},
            "add_webhook": {"name": "HIS", "address": "https://a.example.org/", "events": ["link.added"]},
            "pause_webhook": {},
            "resume_webhook": {},
            "judge_link": {"spend": 3, "irreplaceability": None, "impact": 5, "version": self.version},
            "assign_link_to_project": {"project": None, "version": self.version},
            "promise_to_staff": {"post": {"en": "Head"}, "promises": [{"en": "Two days of training"}]},
            "make_accountable": {"party": self.world.stores.public_id, "version": self.version},
            "add_output": {"name": {"en": "Aprons"}},
            "change_output": {"name": {"en": "Fresh linen"}, "kind": "service", "version": self.version},
            "end_output": {"version": self.version},
            "revise_output": {"label": "B"},
            "give_responsibility": {"party": laundry, "responsible": "informed"},
            "end_responsibility": {"version": self.version},
            "add_need": {"holder": self.world.patient.public_id, "words": {"en": "Quiet"}},
            "change_need": {"holder": self.world.patient.public_id, "words": {"en": "Quiet"}, "version": self.version},
            "end_need": {"version": self.version},
            "add_project": {"name": {"en": "Aprons"}, "owner": laundry},
            "change_project": {"name": {"en": "X"}, "owner": laundry, "ends_on": None, "version": self.version},
            "end_project": {"version": self.version},
            "add_account": {"party": self.world.patient.public_id, "number": "A-2", "name": "Wang household"},
            "change_account": {"number": "A-1", "name": "Li family", "version": self.version},
            "end_account": {"version": self.version},
            "add_contact": {"account": self.account.public_id, "name": "Wang Wei"},
            "change_contact": {"quiet": True, "version": self.version},
            "end_contact": {"version": self.version},
            "show_contact": {},
            "forget_contact": {"reason": "He asked"},
            "give_account_key": {"system": "CRM", "key": "C-9"},
            "withdraw_account_key": {"system": "CRM", "key": "C-1"},
            "state_no_dealings": {
                "supplier": self.world.pharmacy.public_id,
                "customer": self.world.laboratory.public_id,
                "reason": "Why",
            },
            "withdraw_no_dealings": {"version": self.version},
            "add_links_in_bulk": {
                "title": "HIS",
                "rows": [{"supplier": laundry, "customer": ward, "output": {"en": "Gowns"}}],
            },
            "say_how_far_members_read": {"reach": "all", "version": 0},
            "withdraw_bulk_links": {"reason": "Wrong", "version": self.version},
            "see_signal": {"version": self.version},
            "explain_signal": {"reason": "One machine broke", "version": self.version},
            "close_signal": {"reason": "Repaired", "version": self.version},
            "reopen_signal": {"reason": "Not repaired", "version": self.version},
            "give_signal": {"person": self.world.gao_ming.public_id, "version": self.version},
            "start_phase": {"measure": "waiting_time", "day": "2025-12-15", "reason": "New dryer"},
            "correct_phase": {"day": "2025-12-01", "reason": "New dryer", "why": "Earlier", "version": self.version},
            "withdraw_phase": {"reason": "Wrong link", "version": self.version},
            "say_limits": {"upper": 7_200, "began_on": "2026-01-05", "reason": "Agreed"},
            "withdraw_limits": {"reason": "Not agreed", "version": self.version},
            "add_signal_rule": {"role": "director"},
            "withdraw_signal_rule": {"version": self.version},
            **agreed.bodies(self.world, self.agreed, self.version),
        }.get(call.name)


@pytest.fixture
def bodies(world: World) -> Bodies:
    from tests.rooms.chain.test_event_logs import bring, mine

    client = world.client(world.lin_mei)
    log = mine(client, bring(client))
    changes.give_external_key(
        by=SYSTEM, at=NOON, kind="party", object_id=world.ward.public_id, system="SAP", key="4000-1"
    )
    gloves = chain.add_output(by=SYSTEM, at=NOON, name={"en": "Gloves"})
    held = chain.give_responsibility(
        by=SYSTEM, at=NOON, output=world.laundry_ward.output, party=world.laundry, responsible="accountable"
    )
    need = chain.add_need(by=SYSTEM, at=NOON, holder=world.patient, words={"en": "A clean bed"})
    project = chain.add_project(by=SYSTEM, at=NOON, name={"en": "New dryers"}, owner=world.laundry)
    account = chain.add_account(by=SYSTEM, at=NOON, party=world.patient, number="A-1", name="Li household")
    contact = chain.add_contact(by=SYSTEM, at=NOON, account=account, name="Li Na", phone="13800131234")
    for one in (world.ward, world.night_shift, world.laundry_ward):
        one.refresh_from_db()
    webhook, _secret = add_webhook(
        by=world.actor(world.sun_yan), at=NOON, name="HIS", address="https://a.example.org/", events=["link.added"]
    )
    day_shift = chain.add_party(
        by=SYSTEM, at=NOON, party_kind="shift", name={"en": "Day shift"}, parent=world.ward
    )  # fmt: skip
    single = gap_of(
        viewer=SYSTEM, at=NOON, detector="accidental_single_source", key=world.linenco_laundry.public_id
    )  # fmt: skip
    assert single is not None
    gap = chain.assign_gap(by=SYSTEM, at=NOON, gap=single.gap, person=world.gao_ming)
    (proposal,) = chain.propose_links(
        by=world.actor(world.chen_jie), at=NOON, party=world.ward,
        links=[ProposedLink(Side.SUPPLIER, "Pharmacy", "Ready trays")],
    )  # fmt: skip
    changes.give_external_key(
        by=SYSTEM, at=NOON, kind="account", object_id=account.public_id, system="CRM", key="C-1"
    )  # fmt: skip
    row = chain.LinkRow(supplier=world.laundry, customer=world.ward, output={"en": "Paper"})
    batch = chain.add_links_in_bulk(by=SYSTEM, at=NOON, rows=[row], title="Paper")
    key = pair_key(world.laboratory.public_id, world.pharmacy.public_id)
    pair = gap_of(viewer=SYSTEM, at=NOON, detector="undeclared", key=key)
    assert pair is not None
    none = chain.answer_gap(by=SYSTEM, at=NOON, gap=pair.gap, reply=GapReply.NO_DEALINGS, reason="Never met")
    table = checked("outputs", "Name (English)\nTunics\n")
    done = entered("outputs", "Name (English)\nGowns\n")
    closed, signal = signal_of(world, "above"), signal_of(world, "below")
    closed = monitoring.close_signal(by=world.actor(world.lin_mei), at=NOON, signal=closed, reason="Repaired")
    chen = world.chen_jie
    rule = monitoring.add_signal_rule(by=world.actor(chen), at=NOON, person=chen)
    phase, specified = on_chart(world)
    return Bodies(
        world, log, webhook, gloves, held, need, project, gap, day_shift, proposal, account, contact, batch, none,
        table, done, signal, closed, rule, phase, specified,
        agreed.records(world),
    )  # fmt: skip


def on_chart(world: World) -> tuple[PhaseStart, Specification]:
    """A phase and limits of the waits of the laundry's linen, of which there is a chart of half a year."""
    from baton.monitoring.changes.charting import measure, series_of_result

    weeks = [20_248 + 7 * week for week in range(30)]
    series = {"weeks": weeks, "n": [5] * 30, "values": [60.0 + week % 3 for week in range(30)], "breaks": []}
    chart = measure("waiting_time", series_of_result("waiting_time", series), [])
    subject = world.laundry_ward.measured_as
    StoredMeasure.objects.create(
        subject=subject, name="waiting_time", method=chart.method, version="1", computed_at=NOON, seq=0,
        health=chart.health, result=chart.result, recent=chart.recent, week=weeks[-1], heard=weeks[-1],
    )  # fmt: skip
    said = {"by": SYSTEM, "at": NOON, "subject": Subject("link", world.laundry_ward.public_id, subject)}
    day = date(2025, 11, 3)
    phase = monitoring.start_phase(**said, measure="waiting_time", day=day, reason="Dryer")  # type: ignore[arg-type]
    return phase, monitoring.specify(**said, began_on=day, upper=3_600.0, reason="Agreed")  # type: ignore[arg-type]


def signal_of(world: World, side: str) -> Signal:
    """A signal on the waits of the laundry's linen, as a run opens it."""
    signal = Signal(
        number=f"S-2026-{side}", subject=world.laundry_ward.measured_as, measure="waiting_time", side=side,
        rule_set="western_electric", rules="WE1", severity="strong", began=20_000, week=20_000, last_week=20_000,
        patterns=[{"rule": "WE1", "name": "One point beyond {sigmas} sigma", "values": {"sigmas": "3"}}],
        opened_at=NOON,
    )  # fmt: skip
    with change(by=SYSTEM, at=NOON) as trail:
        return trail.save(signal, "signal.opened")


def answer_to(call: Call, bodies: Bodies, token: str) -> Any:
    """The answer; what the call changed is taken back."""
    path = bodies.path(call)
    file: dict[str, Any] = {"raw": FILE, "Content_Type": FILE_TYPE} if call.door.largest_file is not None else {}
    with transaction.atomic():
        answer = Program(token).call(call.method, path, bodies.body(call), **file)
        transaction.set_rollback(True)
    return answer


@pytest.mark.slow
@pytest.mark.sqlite
def test_every_call_for_everybody(world: World, bodies: Bodies) -> None:
    """23 calls or more, 17 people: all cells as the policies say."""
    wrong = {}
    for who in PEOPLE:
        person: Person = getattr(world, who)
        token = guests_token(person) if who in GUESTS else token_for(person)
        for call in calls():
            status = answer_to(call, bodies, token).status_code
            if status not in expected(call, who):
                wrong[f"{call.name} for {who}"] = (status, expected(call, who))
    assert wrong == {}


def guests_token(guest: Person) -> str:
    """A token that somebody made before he became a guest."""
    from baton.core.actors import Actor
    from baton.core.changes import make_token

    return make_token(by=Actor(guest, frozenset(), "test"), at=NOON, name="old", scopes=ALL_SCOPES, days=365)[1]


OF_THEIR_AUTHOR = {"withdraw_proposal"}
"""Calls that nobody but the author of the record may make, whatever his roles."""


@pytest.mark.slow
@pytest.mark.sqlite
def test_every_call_with_tokens_of_every_scope(world: World, bodies: Bodies) -> None:
    """The quality manager, who also administers here, is refused for lack of the scope and for nothing else."""
    changes.give_role(by=SYSTEM, at=NOON, person=world.lin_mei, role=Role.ADMINISTRATOR)
    scopes = [name for name, _words in registries.api_scopes]
    assert set(scopes) == set(ALL_SCOPES)
    wrong = {}
    for scope in scopes:
        token = token_for(world.lin_mei, scope)
        for call in calls():
            answer = answer_to(call, bodies, token)
            fits = call.door.scope in {ANY_SCOPE, scope} and call.name not in OF_THEIR_AUTHOR
            if (answer.status_code < 300) is not fits or (not fits and answer.status_code != 403):
                wrong[f"{call.name} with {scope}"] = answer.status_code
    assert wrong == {}


def test_every_call_without_a_token_and_with_a_dead_one(world: World, bodies: Bodies) -> None:
    dead = token_for(world.lin_mei)
    changes.disable_person(by=SYSTEM, at=NOON, person=world.lin_mei)
    for token in ("", dead):
        answers = {}
        for call in calls():
            limits.wrong_tokens.clear()
            answers[call.name] = answer_to(call, bodies, token)
        assert {answer.status_code for answer in answers.values()} == {401}
        # B075: nothing says whether what was asked for exists
        assert len({said(answer)["detail"] for answer in answers.values()}) == 1


def test_lists_show_each_person_only_what_he_may_read(world: World) -> None:
    """Every row of every list can be read by itself, and nothing that can be read is missing from its list."""
    whole = {
        kind: {row["id"] for row in said(Program(token_for(world.lin_mei)).get(f"/{kind}?limit=200"))["rows"]}
        for kind in ("parties", "links", "memberships", "outputs")
    }
    for who in ("chen_jie", "he_ping", "ivy_stone", "wang_fang", "sun_yan"):
        program = Program(token_for(getattr(world, who)))
        for kind, everything in whole.items():
            listed = {row["id"] for row in said(program.get(f"/{kind}?limit=200"))["rows"]}
            readable = {one for one in everything if program.get(f"/{kind}/{one}").status_code == 200}
            assert listed == readable, f"{kind} of {who}"
