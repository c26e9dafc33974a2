"""Where allauth asks us: links, redirects, passwords, messages, secrets."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baton.core import changes
from baton.core.accounts.attempts import address_of
from baton.core.errors import Refused
from baton.core.models import Person
from baton_analysis.errors import gettext_noop

WRONG_NAME_OR_PASSWORD = _(
    "This sign-in name and this password do not belong together. Check both and try again; "
    "if you have forgotten the password, ask for a new one below."
)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts: no self sign-up, links from BATON_BASE_URL, redirects only inside Baton."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG_NAME_OR_PASSWORD,
        "incorrect_password": _("This is not your password. Type it again."),
        "enter_current_password": _("This is not your present password. Type it again."),
        "incorrect_code": _("This code is not valid, or it was used before. Wait for the next one and type that."),
        "invalid_password_reset": _("This link was used before or is too old. Ask for a new one."),
        "too_many_login_attempts": _("Too many wrong codes. Wait five minutes, then try again."),
        "rate_limited": _("Too many requests. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are added by the administrator."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Attempts are counted by axes (core.accounts.attempts), in the database and not in the cache."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def is_safe_url(self, url: str | None) -> bool:
        """Only a path of this installation: no other host, not even one with which requests may arrive."""
        return bool(url) and str(url).startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL + path.replace("UID-KEY", quote(key))

    def set_password(self, user: Person, password: str) -> None:
        request = context.request
        saved = changes.change_password(by=request.actor, at=request.now, person=user, password=password)
        # allauth ties the session at hand to the new password with the object that it holds.
        user.password, user.must_change_password = saved.password, saved.must_change_password

    def get_login_stages(self) -> list[str]:
        """The second factor is asked for by our own stage, which knows of the providers' sign-ins."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "baton.core.accounts.stages.SecondFactorStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("core:me")


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: their secrets are encrypted under a key derived from the installation's secret key."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def get_totp_label(self, user: Person) -> str:
        return user.sign_in_name

    def get_totp_issuer(self) -> str:
        return "Baton"

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:
        held = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey {n}").format(n=held + 1)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys are bound to the installation's own address, with whatever name a request arrives."""
        return {"id": urlsplit(settings.BASE_URL).hostname or "", "name": "Baton"}

    def get_public_key_credential_user_entity(self, user: Person) -> dict[str, Any]:
        """The device keeps an id that says nothing, and shows the sign-in name."""
        return {"id": user.public_id.encode(), "display_name": str(user), "name": user.sign_in_name}

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as unreadable:
            raise Refused(
                expected=gettext_noop("Second factors are kept under the secret key of the installation."),
                found=gettext_noop("Yours was kept under another key, as after a restore without the file secret_key."),
                remedy=gettext_noop("Ask an administrator to remove your second factor, then set it up again."),
            ) from unreadable


def _cipher() -> Fernet:
    digest = hashlib.sha256(b"baton.mfa:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
