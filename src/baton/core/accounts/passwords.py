"""What a password must be."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.core.models import Person
from baton.core.rules import PASSWORD_LENGTH
from baton_analysis.errors import sentences


class LengthValidator:
    """10 to 128 characters; the upper bound keeps a megabyte from being hashed."""

    def validate(self, password: str, user: Person | None = None) -> None:
        if len(password) in PASSWORD_LENGTH:
            return
        found = ngettext("This one has {count} character.", "This one has {count} characters.", len(password))
        raise ValidationError(
            sentences([self.get_help_text(), found.format(count=len(password)), _("Choose another one.")]),
            code="password_length",
        )

    def get_help_text(self) -> str:
        return _("A password has {least} to {most} characters.").format(
            least=PASSWORD_LENGTH.start, most=PASSWORD_LENGTH.stop - 1
        )
