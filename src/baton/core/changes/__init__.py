"""Every write of the core: people, roles, passwords, personal data, messages, numbers."""

from baton.core.changes.forgetting import forget_person, open_personal_values
from baton.core.changes.notifications import notify, read_notifications
from baton.core.changes.numbers import next_number, next_numbers
from baton.core.changes.passwords import change_password, issue_reset_code, reset_password_with_code
from baton.core.changes.people import add_person, disable_person, edit_person, enable_person
from baton.core.changes.roles import end_role, give_role
from baton.core.changes.second_factors import remove_second_factor, spend_totp_code

__all__ = [
    "add_person",
    "change_password",
    "disable_person",
    "edit_person",
    "enable_person",
    "end_role",
    "forget_person",
    "give_role",
    "issue_reset_code",
    "next_number",
    "next_numbers",
    "notify",
    "open_personal_values",
    "read_notifications",
    "remove_second_factor",
    "reset_password_with_code",
    "spend_totp_code",
]
