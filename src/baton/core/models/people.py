"""People who sign in, and their organisation-wide roles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.records import Batched, Record, Visible
from baton.core.registries import Retention
from baton.core.rules import PASSWORD_LENGTH, Role, normal_sign_in_name
from baton.core.texts import TextsField, say


class PersonManager(Visible["Person"], BaseUserManager["Person"]):
    """Looks people up under the one normal spelling of their sign-in name; people of a bulk entry that is not sealed
    are nobody yet."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(sign_in_name=normal_sign_in_name(username or ""))


class Person(Batched, AbstractBaseUser):
    """Somebody who may sign in: an employee, or a guest from outside."""

    kind = "person"
    personal: ClassVar[Mapping[str, Retention]] = {
        "sign_in_name": Retention(10, _("Signing in, and knowing who did what.")),
        "name": Retention(10, _("Saying who did, agreed or changed something.")),
        "email": Retention(1, _("Sending messages and links for a new password.")),
        "phone": Retention(1, _("Signing in, and reaching the person.")),
    }
    secret = frozenset({"password"})

    sign_in_name = models.CharField(
        _("sign-in name"), max_length=150, unique=True,
        help_text=_("Staff number, phone or e-mail; letters are compared without regard to case."),
    )  # fmt: skip
    name = TextsField(pgettext_lazy("of a person", "name"), help_text=_("Name by language."))
    sort_keys = models.JSONField(_("sort keys"), default=dict, editable=False, help_text=_("Sort key by language."))
    email = models.EmailField(
        _("e-mail"), null=True, blank=True, unique=True, help_text=_("Optional; at most one person has it.")
    )
    phone = models.CharField(
        _("phone"), max_length=32, null=True, blank=True, unique=True, help_text=_("Optional, with country code.")
    )  # fmt: skip
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE,
        help_text=_("Language of pages and messages."),
    )  # fmt: skip
    time_zone = models.CharField(
        _("time zone"), max_length=64, default=settings.TIME_ZONE, help_text=_("Zone in which times are shown.")
    )
    is_active = models.BooleanField(_("may sign in"), default=True, help_text=_("Off: every sign-in is refused."))
    must_change_password = models.BooleanField(
        _("must change password"), default=False, help_text=_("Asked for a new password at the next sign-in.")
    )
    sessions_valid_from = models.DateTimeField(
        _("sessions valid from"), null=True, editable=False,
        help_text=_("Sessions begun earlier are ended (password change, disabled account)."),
    )  # fmt: skip

    objects: ClassVar[PersonManager] = PersonManager()
    everything: ClassVar[models.Manager[Person]] = models.Manager()  # the first manager is the default one

    USERNAME_FIELD = "sign_in_name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta(Batched.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return say(self.name) or self.sign_in_name

    def data_subject(self) -> str:
        return self.public_id

    def check_password(self, raw_password: str | None, *, renew: bool = False) -> bool:
        """Whether this is the password; anything longer than a password can be is refused before it is hashed.

        ``renew``: a hash of an older kind is replaced by one of today's. That ends all sessions of the person.
        """
        if len(raw_password or "") >= PASSWORD_LENGTH.stop:
            return False
        return super().check_password(raw_password) if renew else check_password(raw_password, self.password)

    def get_full_name(self) -> str:
        return str(self)


class OrganisationRole(Record):
    """One organisation-wide role of one person, with dates."""

    kind = "organisation_role"

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="organisation_roles",
        verbose_name=_("person"), help_text=_("Who holds the role."),
    )  # fmt: skip
    role = models.CharField(
        _("role"), max_length=20, choices=[(role.value, role.value) for role in Role], help_text=_("Which role.")
    )
    began_at = models.DateTimeField(_("from"), help_text=_("From when."))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Until when; empty: open."))

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "role"], condition=models.Q(ended_at__isnull=True), name="core_role_held_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=models.F("began_at")),
                name="core_role_ends_after_it_began",
            ),
        )

    def holds(self, at: datetime) -> bool:
        """Whether the role is held at ``at`` (half-open interval)."""
        return self.began_at <= at and (self.ended_at is None or at < self.ended_at)


class ResetCode(Record):
    """A one-time code with which somebody without a mailbox sets a new password; only its digest is kept."""

    kind = "reset_code"
    secret = frozenset({"digest"})

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"), help_text=_("Whose password.")
    )
    digest = models.CharField(_("digest"), max_length=64, unique=True, help_text=_("SHA-256 of the code."))
    issued_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("issued by"), null=True,
        help_text=_("The head or administrator who handed it over; empty: the command line."),
    )  # fmt: skip
    expires_at = models.DateTimeField(_("expires at"), help_text=_("After this the code is refused."))
    used_at = models.DateTimeField(_("used at"), null=True, help_text=_("When it was spent."))
