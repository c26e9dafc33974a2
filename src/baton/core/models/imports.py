"""Imports: runs of the import engine, mappings that were kept, and watched folders."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baton.core.models.external_keys import SYSTEM_LENGTH
from baton.core.models.people import Person
from baton.core.models.records import Record
from baton.core.rules import ImportOrigin, ImportState

IMPORT_STATES = {
    ImportState.BROUGHT: _("Columns to be assigned"),
    ImportState.CHECKING: _("Being checked"),
    ImportState.CHECKED: _("Checked, nothing entered yet"),
    ImportState.ENTERING: _("Being entered"),
    ImportState.ENTERED: _("Entered"),
    ImportState.FAILED: _("Could not be entered"),
    ImportState.WITHDRAWN: _("Withdrawn"),
}
IMPORT_ORIGINS = {
    ImportOrigin.FILE: _("File"),
    ImportOrigin.PASTE: _("Pasted"),
    ImportOrigin.FOLDER: _("Watched folder"),
    ImportOrigin.COMMAND: _("Command line"),
}
MAPPING_HELP = _("Field of the target -> name of the column of the table; empty: not brought.")


class SavedMapping(Record):
    """Which column of a table holds what, kept under a name for tables that come again."""

    kind = "import_mapping"

    target = models.CharField(_("target"), max_length=60, help_text=_("Registered name of what is imported."))
    name = models.CharField(_("name"), max_length=60, help_text=_("What people call the mapping."))
    mapping = models.JSONField(_("mapping"), default=dict, help_text=MAPPING_HELP)
    system = models.CharField(
        _("system"), max_length=SYSTEM_LENGTH, blank=True,
        help_text=_("System whose keys the table holds; empty: none."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("mapping of columns")
        constraints = (models.UniqueConstraint(fields=["target", "name"], name="core_mapping_name_once"),)

    def __str__(self) -> str:
        return self.name


class ImportRun(Record):
    """One table on its way in. What its states mean: :class:`baton.core.rules.ImportState`.

    The rows that it makes come as bulk entries (``batches``), which are sealed and withdrawn together.
    """

    kind = "import"
    # Why it failed may quote the rows that were brought.
    secret = frozenset({"failure"})
    units: ClassVar[dict[str, str]] = {
        "rows": "1", "rows_new": "1", "rows_changed": "1", "rows_unchanged": "1", "rows_refused": "1",
        "problems": "1", "changes_applied": "1",
    }  # fmt: skip

    target = models.CharField(_("target"), max_length=60, help_text=_("Registered name of what is imported."))
    title = models.CharField(_("title"), max_length=200, help_text=_("Name of the file, as it is shown."))
    origin = models.CharField(
        _("came by"), max_length=10, choices=[(origin.value, label) for origin, label in IMPORT_ORIGINS.items()],
        help_text=_("File, paste, watched folder or command line."),
    )  # fmt: skip
    path = models.CharField(_("file"), max_length=60, help_text=_("Where the table lies in the data folder."))
    digest = models.CharField(_("digest"), max_length=64, help_text=_("SHA-256 of the table as it was brought."))
    sheet = models.CharField(
        _("sheet"), max_length=100, blank=True, help_text=_("Sheet of the workbook; empty: the first that is shown.")
    )
    mapping = models.JSONField(_("mapping"), default=dict, help_text=MAPPING_HELP)
    system = models.CharField(
        _("system"), max_length=SYSTEM_LENGTH, blank=True,
        help_text=_("System whose keys the table holds; empty: none."),
    )  # fmt: skip
    leave_out = models.BooleanField(
        _("leave refused rows out"), default=False, help_text=_("Refused rows were left out and the others entered.")
    )
    rows = models.PositiveIntegerField(_("rows"), default=0, help_text=_("Rows of the table that are not blank."))
    rows_new = models.PositiveIntegerField(_("new"), default=0, help_text=_("Rows that make new records."))
    rows_changed = models.PositiveIntegerField(
        _("changed"), default=0, help_text=_("Rows that change a record that is there.")
    )
    rows_unchanged = models.PositiveIntegerField(
        _("unchanged"), default=0, help_text=_("Rows that say what is there already.")
    )
    rows_refused = models.PositiveIntegerField(_("refused"), default=0, help_text=_("Rows with a mistake."))
    problems = models.PositiveIntegerField(_("mistakes"), default=0, help_text=_("Mistakes in all refused rows."))
    plan = models.JSONField(
        _("plan"), default=dict,
        help_text=_("What the check found, as files of the data folder: new rows by bulk target, changes, mistakes."),
    )  # fmt: skip
    changes_applied = models.PositiveIntegerField(
        _("changes applied"), default=0, help_text=_("Rows of the file of changes that are applied.")
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by"),
        help_text=_("Who brought it; empty: the command line."),
    )  # fmt: skip
    run = models.CharField(
        _("run"), max_length=32, blank=True, help_text=_("Run of the worker that checks or enters it.")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=[(state.value, label) for state, label in IMPORT_STATES.items()],
        default=ImportState.BROUGHT, help_text=_("How far it has come."),
    )  # fmt: skip
    failure = models.JSONField(
        _("failure"), default=dict, help_text=_("Why it could not be read or entered: templates and values.")
    )
    entered_at = models.DateTimeField(_("entered at"), null=True, help_text=_("When all of it counted (UTC)."))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, help_text=_("When it was taken back (UTC)."))
    reason = models.CharField(_("reason"), max_length=500, blank=True, help_text=_("Why it was withdrawn."))

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = (models.Index(fields=["target", "state"], name="core_import_target_state"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in ImportState]), name="core_import_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=ImportState.ENTERED)
                | Q(changes_applied=F("rows_changed"), entered_at__isnull=False),
                name="core_import_entered_when_whole",
            ),
            models.CheckConstraint(
                condition=Q(state=ImportState.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(state=ImportState.WITHDRAWN) & Q(withdrawn_at__isnull=True)),
                name="core_import_withdrawn_with_its_time",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.title


class WatchedFolder(Record):
    """A folder in the data folder whose tables are imported on a schedule, in the name of whoever set it up."""

    kind = "watched_folder"
    units: ClassVar[dict[str, str]] = {"hour": "h"}

    name = models.SlugField(
        _("name"), max_length=40, unique=True, help_text=_("Name of the folder below imports/ in the data folder.")
    )
    target = models.CharField(_("target"), max_length=60, help_text=_("Registered name of what is imported."))
    mapping = models.ForeignKey(
        SavedMapping, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("mapping"),
        help_text=_("Which column holds what; empty: by the names of the columns."),
    )  # fmt: skip
    leave_out = models.BooleanField(
        _("leave refused rows out"), default=False,
        help_text=_("Enter the other rows where some are refused; off: nothing of such a file is entered."),
    )  # fmt: skip
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"),
        help_text=_("In whose name and with whose roles files are imported, and who is told of failures."),
    )  # fmt: skip
    hour = models.PositiveSmallIntegerField(
        _("hour"), null=True, blank=True,
        help_text=_("Hour of the organisation’s day in which its tables are imported; empty: every five minutes."),
    )  # fmt: skip
    taken_at = models.DateTimeField(
        _("last table"), null=True, editable=False, help_text=_("When a table was last found in it (UTC).")
    )
    is_active = models.BooleanField(_("watched"), default=True, help_text=_("Off: files stay where they lie."))

    class Meta:
        verbose_name = _("watched folder")
        verbose_name_plural = _("watched folders")

    def __str__(self) -> str:
        return self.name
