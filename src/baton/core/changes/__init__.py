"""Every write of the core: people, roles, passwords, personal data, messages, numbers."""

from baton.core.changes.act_proofs import (
    forget_proofs,
    remove_proofs,
    set_badge,
    set_pin,
    show_badge,
    show_pin,
)
from baton.core.changes.bulk import begin_batch, enter_batch, enter_slice, resume_batch, seal_batch
from baton.core.changes.bulk_withdrawal import abandon_batch, enter_or_abandon, release_rows, withdraw_batch
from baton.core.changes.calendars import add_calendar, change_calendar, end_calendar, make_default, set_days
from baton.core.changes.feeds import feed_digest, make_feed, withdraw_feed
from baton.core.changes.forgetting import forget_person, open_personal_values
from baton.core.changes.identities import link_identity, unlink_identity
from baton.core.changes.keys import give_external_key, withdraw_external_key
from baton.core.changes.list_actions import begin_action, carry_out, propose_action, rows_left, stop_action
from baton.core.changes.mail import choose_mail
from baton.core.changes.notifications import notify, notify_once_a_day, read_notifications, send_test_mail
from baton.core.changes.numbers import next_number, next_numbers
from baton.core.changes.passwords import change_password, issue_reset_code, reset_password_with_code
from baton.core.changes.people import add_person, disable_person, edit_person, enable_person, show_contacts
from baton.core.changes.roles import end_role, give_role
from baton.core.changes.second_factors import remove_second_factor, spend_totp_code
from baton.core.changes.signatures import note_refused_signature, sign
from baton.core.changes.task_links import (
    MadeLink,
    accept_through,
    make_task_link,
    object_through,
    renew_token,
    token_digest,
    try_code,
    withdraw_task_link,
)
from baton.core.changes.tokens import make_token, note_use, withdraw_token
from baton.core.changes.vocabulary import rename_words

__all__ = [
    "forget_proofs",
    "remove_proofs",
    "set_badge",
    "set_pin",
    "show_badge",
    "show_pin",
    "MadeLink",
    "accept_through",
    "make_task_link",
    "object_through",
    "renew_token",
    "token_digest",
    "try_code",
    "withdraw_task_link",
    "rename_words",
    "abandon_batch",
    "add_calendar",
    "add_person",
    "begin_action",
    "begin_batch",
    "carry_out",
    "change_calendar",
    "choose_mail",
    "change_password",
    "disable_person",
    "edit_person",
    "enable_person",
    "end_calendar",
    "end_role",
    "enter_batch",
    "enter_or_abandon",
    "enter_slice",
    "feed_digest",
    "forget_person",
    "give_external_key",
    "give_role",
    "issue_reset_code",
    "link_identity",
    "make_default",
    "make_feed",
    "make_token",
    "next_number",
    "next_numbers",
    "note_refused_signature",
    "note_use",
    "notify",
    "notify_once_a_day",
    "open_personal_values",
    "propose_action",
    "read_notifications",
    "release_rows",
    "remove_second_factor",
    "reset_password_with_code",
    "resume_batch",
    "seal_batch",
    "rows_left",
    "send_test_mail",
    "set_days",
    "show_contacts",
    "sign",
    "spend_totp_code",
    "stop_action",
    "unlink_identity",
    "withdraw_batch",
    "withdraw_external_key",
    "withdraw_feed",
    "withdraw_token",
]
