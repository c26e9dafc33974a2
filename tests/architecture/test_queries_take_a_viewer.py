"""Every public function of a room's queries takes ``viewer=``: nobody reads past the policy by forgetting it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent.parent / "src" / "baton"

# Asked before it is known who asks, or by changes and policies about what they are to check; nothing of it is shown.
WITHOUT_VIEWER = {
    "core/queries/people.py": {
        "any_people", "is_name_taken", "open_reset_codes", "other_administrators", "person_named",
        "person_with_mailbox", "roles_of",
    },
    "core/queries/messages.py": {"notification_text"},  # words of a message that the caller has read with its viewer
    # The address is the right to read; the answer says as whom.
    "core/queries/feeds.py": {"feed_reader"},
    # Of calendars that the caller has read, or found through what counts by them.
    "core/queries/calendars.py": {"business_calendar_of", "business_calendars_of", "special_days"},
    "core/queries/words.py": {"renamed_words"},
    # The address is the right to a task link; where one stands, for those who see it.
    "core/queries/task_links.py": {"link_subject", "task_link_behind"},
    "core/queries/signatures.py": {"signed_record"},  # where a signature stands, for those who see it
    # Parts of queries: counts, and what of a version or clause that was read before follows from the day.
    # What expectations are called and on which link, for those who see them; and which the supplier is to be told of.
    "feedback/queries/expectations.py": {"expectation_called", "link_of", "stale_ones"},
    # What findings are called and whom they are about, for those who see them; what stands on the first page of a wave.
    "feedback/queries/findings.py": {
        "exception_contents", "exception_names", "finding_called", "late", "supplier_of", "unanswered_about",
    },
    # Needs that the caller has read: their steps, where a step stands, and words for the index of the search.
    "feedback/queries/needs.py": {
        "employee_need_ids", "employee_needs_read", "last_promise", "need_step", "steps_of",
    },
    "feedback/queries/need_figures.py": {"figures_of"},
    # The same of feedback.
    "feedback/queries/feedback_doors.py": {"door_behind"},  # the address of an open page is the right to tell
    "feedback/queries/inbox.py": {"feedback_ids", "feedback_read", "item_of_step", "steps_of"},
    # Complaints that the caller has read: their steps, and what a signature under a step stands for.
    "feedback/queries/complaints.py": {
        "round_of", "said_of", "step_complaint", "step_contents", "step_names", "steps_of",
    },
    # What search and discussions need to know of complaints, for those who see them.
    "feedback/queries/finding_complaints.py": {
        "complaint_called", "complaint_ids", "complaints_read", "supplier_of",
    },
    # Words for the index of the search; and a condition on a row that was read before.
    "feedback/queries/grades.py": {"may_grade_row", "round_ids", "rounds_read"},
    # Whoever hands in a sheet of an anonymous wave is nobody: the token alone counts.
    "feedback/queries/ballots.py": {"slip_of", "wave_to_answer"},
    "feedback/queries/choosing.py": {"wave_ids", "waves_read"},  # words for the index of the search
    "feedback/queries/plans.py": {"plan_ids", "plans_read"},  # the same
    "agreements/queries/agreements.py": {"runs_out", "tally_of"},
    "agreements/queries/versions.py": {"held_on", "that_counts"},
    # The same of opinions; the rule that holds for everybody; whom the job reminds; where records stand.
    "agreements/queries/hearing.py": {
        "has_spoken", "last_counter", "line_of", "rule_of_consultations", "said_of", "seen_now", "seen_of",
    },
    "agreements/queries/consulting.py": {"address_of_invitation", "address_of_opinion", "open_invitations"},
    # A filter of what somebody may see.
    "agreements/queries/sight.py": {"of_party"},
    # How clauses are counted; the register and the lists made of it keep to the links in sight.
    "agreements/queries/standards.py": {
        "offered_clauses", "own_clauses", "standards_by_link", "stands_on", "tried_out",
    },
    "agreements/queries/coverage.py": {"aspects_shown"},
    "agreements/queries/training.py": {"address_of_training", "supplier_of"},
    "agreements/queries/leaders.py": {
        "address_of_fulfilment", "address_of_seen", "heads_of_promise", "kept_by_line", "name_of_promise",
    },
    # As for the chain: words for the index of the search, and what the core asks for those who see the agreement.
    "agreements/queries/searching.py": {
        "address_of_clause", "address_of_offer_version", "address_of_step", "address_of_version", "agreement_announced",
        "agreement_called", "agreement_ids",
        "agreements_of_clauses", "agreements_of_links", "agreements_of_outputs", "agreements_of_versions",
        "agreements_read", "heads_of_agreement", "version_announced",
    },
    # As above, of service offers; and what of rows that were read before follows.
    "agreements/queries/offered_texts.py": {
        "offer_ids", "offers_of_clauses", "offers_of_outputs", "offers_of_steps", "offers_of_versions", "offers_read",
    },
    "agreements/queries/offering.py": {"tally_of"},
    "agreements/queries/offers.py": {"answer_in", "answering", "tallied", "that_counts"},
    "core/identity_queries.py": {"identities_in_use", "was_unlinked", "person_of_email", "person_of_staff_number"},
    "chain/queries/links.py": {"pair_of"},
    # Words for the index of the search; what is found of them is filtered by search_sight(viewer, at).
    "feedback/queries/finding_questionnaires.py": {"questionnaire_ids", "questionnaires_read"},
    "chain/queries/searching.py": {
        "link_ids", "links_of_outputs", "links_of_parties", "links_of_person", "links_read",
        "output_ids", "outputs_read", "parties_of_person", "parties_read", "parties_with_keys", "party_ids",
        "need_ids", "needs_read", "project_ids", "projects_read",
    },
    # What group chats are told; baton.core.webhooks.audiences asks everybody in a chat whether he may see it.
    "chain/queries/group_chats.py": {
        "gap_announced", "gap_answer_announced", "leaders_of", "link_announced", "need_announced", "output_announced",
        "party_announced", "party_named", "people_in", "project_announced",
    },
    "monitoring/queries/group_chats.py": {"digest_parts", "signal_announced"},
    # What records are called and who is told of comments on them: asked by the core for those who see them.
    "chain/queries/discussing.py": {
        "gap_called", "gap_named", "heads_of_link", "heads_of_output", "heads_of_party", "heads_of_project",
        "lasting_name", "link_called", "need_called", "output_called", "party_called", "project_called", "told_of_gap",
    },
    # The link whose heads are told, and whose pair was measured before: asked for one that the viewer sees.
    "chain/queries/successions.py": {"link_with_sides"},
    # Words for the index of the search, and where the parts of a house stand, for those who see them.
    "agreements/queries/certificates.py": {
        "certificate_called", "certificate_ids", "certificates_of_parties", "certificates_read", "heads_of_certificate",
        "name_of_certificate",
    },
    "agreements/queries/guarantees.py": {"address_of_call"},
    "agreements/queries/finding_reviews.py": {
        "address_of", "meeting_called", "meeting_ids", "meetings_read", "plan_called", "plan_ids", "plans_read",
        "records_of_parts", "told_of_meeting", "told_of_plan",
    },
    # Parts of queries: conditions, and what follows from a record that was read before.
    "agreements/queries/reviews.py": {"kept_by", "late_of", "seen_with"},
    "agreements/queries/confirming.py": {"is_open", "link_of", "party_on"},
    # The address or code of a workshop is the right to take part, and the secret of a device to what it wrote.
    "agreements/queries/workshops.py": {
        "address_of_origin", "dots_of_seat", "notes_of_seat", "seat_behind", "workshop_behind", "workshop_with_code",
    },
    "agreements/queries/finding_workshops.py": {
        "workshop_ids", "workshops_of_links", "workshops_of_outputs", "workshops_read",
    },
    "agreements/queries/finding_houses.py": {
        "address_of_house_part", "house_ids", "houses_of_characteristics", "houses_of_needs", "houses_read",
    },
    # Parts of queries: conditions and pages of rows that were filtered before.
    "chain/queries/figures.py": {"worst_first"},
    "chain/queries/gap_detectors.py": {"pair_key"},
    "chain/queries/gap_facts.py": {"about_party", "undeclared_pairs"},
    "chain/queries/graph.py": {
        "circle", "customers_of", "reached", "shortest", "strong_components", "suppliers_of", "walk", "ways",
    },
    # Of the whole chain, parts are shown to those who may know of them.
    "chain/queries/chains.py": {"chain_in_sight", "chain_version", "whole_chain"},
    # Their first argument is what the viewer sees, or follows from it: a chain of links in sight.
    "chain/queries/outputs.py": {"outputs_in_sight", "suppliers_by_month"},
    "chain/queries/needs.py": {"needs_in_sight"},
    "chain/queries/projects.py": {"overdue_days", "overdue_on", "projects_in_sight", "with_leaders"},
    "chain/queries/gap_sight.py": {"in_discretion"},
    "monitoring/queries/joining.py": {"excerpt", "joined"},
    # Asked by runs, about keys of measures; what is named or seen is asked with a viewer.
    "chain/queries/measured.py": {"links_of_pairs", "pairs_in_force", "responsible_for_pairs"},
    # As for the chain: words for the index of the search, and what the core asks for those who see the signal.
    "monitoring/queries/searching.py": {
        "signal_called", "signal_ids", "signals_of_person", "signals_read", "told_of_signal",
    },
    "chain/queries/beyond.py": {"customers_customers", "onwards", "suppliers_suppliers"},
    "chain/queries/tracing.py": {
        "links_with_names", "nearest", "outputs_that_serve", "serving", "traces_of", "walk_in_sight",
    },
    "chain/queries/lists.py": {"by_name", "found", "in_state", "ordered", "page_of"},
    # Read by whoever has shown that he was asked to; asked by the core before a file is removed.
    "agreements/queries/signing.py": {"proves_an_acceptance", "version_to_read"},
    # Where the parts of a handoff stand, for those who see it; and what its page makes of rows that were read before.
    # Asked by monitoring about clauses whose keys it has.
    # A device is the right to see the day of its team.
    "handoffs/queries/tablets.py": {
        "board_on_tablet", "calls_on_tablet", "cookie_of", "counted_on_tablet", "crew_on_tablet", "handoff_on_tablet",
        "link_on_tablet", "point_on_tablet", "tablet_behind", "today_on_tablet", "wrong_badges",
    },
    "handoffs/queries/measured.py": {
        "clauses_standing", "id_of", "key_of", "records_of_clauses", "responsible_for_clauses", "unit_of_clause",
    },
    "handoffs/queries/settlement_parts.py": {"address_of_claim", "address_of_entry", "address_of_terms"},
    "handoffs/queries/parts.py": {"address_of_part", "address_of_practice", "handoff_called", "heads_of_handoff"},
    "handoffs/queries/handoffs.py": {"timeline_of"},
    "handoffs/queries/calls.py": {"address_of_point"},
    "handoffs/queries/photos.py": {"is_evidence_photo"},
    "handoffs/queries/searching.py": {"reference_begins"},  # a filter of what somebody may see
    "handoffs/queries/sight.py": {"load_links", "with_links"},  # more of what somebody may see
    "starters/queries.py": {"demo_people"},  # the made-up people of a demonstration, for who is not signed in yet
}  # fmt: skip


def lacking(text: str) -> set[str]:
    """Public functions on the module's level that take no ``viewer``."""
    return {
        node.name
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and "viewer" not in {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}
    }


def modules() -> Iterator[Path]:
    yield from SOURCE.glob("*/*queries.py")
    yield from SOURCE.glob("*/queries/*.py")


def test_queries_take_a_viewer() -> None:
    found = {str(file.relative_to(SOURCE)): lacking(file.read_text(encoding="utf-8")) for file in modules()}
    assert len(found) >= 8
    assert {name: functions for name, functions in found.items() if functions} == WITHOUT_VIEWER


def test_a_query_without_viewer_is_found() -> None:
    planted = "def links(*, viewer): ...\ndef all_links(*, at): ...\ndef _all(): ...\n"
    assert lacking(planted) == {"all_links"}
