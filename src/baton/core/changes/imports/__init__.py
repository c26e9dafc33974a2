"""Tables are brought, checked, entered and withdrawn; folders are watched for more of them."""

from baton.core.changes.imports.folders import (
    FOLDER_NAME,
    MISSING_TOPIC,
    keep_mapping,
    note_folder,
    switch_folder,
    watch_folder,
)
from baton.core.changes.imports.runs import (
    CHECK_JOB,
    ENTER_IMPORT_JOB,
    ENTERED_TOPIC,
    FAILED_TOPIC,
    WAITS_TOPIC,
    bring_import,
    carry_out_import,
    check_import,
    enter_import,
    lines_in,
    note_checked,
    note_import_failed,
    resume_import,
    tell_waiting,
)
from baton.core.changes.imports.withdrawing import GIVE_BACK_JOB, give_back_import, withdraw_import

__all__ = [
    "CHECK_JOB",
    "ENTERED_TOPIC",
    "ENTER_IMPORT_JOB",
    "FAILED_TOPIC",
    "FOLDER_NAME",
    "GIVE_BACK_JOB",
    "MISSING_TOPIC",
    "WAITS_TOPIC",
    "bring_import",
    "carry_out_import",
    "check_import",
    "enter_import",
    "give_back_import",
    "keep_mapping",
    "lines_in",
    "note_checked",
    "note_folder",
    "note_import_failed",
    "resume_import",
    "switch_folder",
    "tell_waiting",
    "watch_folder",
    "withdraw_import",
]
