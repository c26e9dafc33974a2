"""The form with which somebody signs: it shows him what he signs and makes sure that it is he (21 CFR 11.200).

The first signature of a session takes the sign-in name and every secret that a sign-in takes; later ones one of them.
Wrong tries are counted and paced with those of the sign-in, and noted at the record.

    shown = queries.to_sign(viewer=request.actor, kind="agreement_version", public_id=version.public_id)
    form = SigningForm(request.POST or None, request=request, shown=shown)
    if request.method == "POST" and form.is_valid():
        if form.signed(lambda proof: changes.accept(by=..., at=..., digest=form.digest, proof=proof)) is not None:
            return redirect(...)
    return render(request, ..., {"form": form, "shown": shown}, status=form.status)

``to_sign`` comes before what is shown is read: what changes in between is refused and never signed unseen. The form is
drawn by ``core/_signing.html``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.core import changes
from baton.core.accounts.forms import ConfirmFactorForm
from baton.core.accounts.passkeys import ANSWER_LENGTH, NOT_READ, answers, has_passkey, question_for
from baton.core.errors import Forbidden, VersionChanged
from baton.core.forms import RecordForm
from baton.core.middleware import BatonRequest
from baton.core.models import Person, Record
from baton.core.queries import ToSign, person_named
from baton.core.rules import PASSWORD_LENGTH, Role
from baton.core.sign_ins import just_locked
from baton.core.signatures import Proof, short

R = TypeVar("R", bound=Record)

SIGNED = "signed"
"""Key of the session: that all components were given in it for a signature."""

WRONG = _("Sign-in name, password or code is not yours. Nothing was signed. Check them and try again.")


class SigningForm(RecordForm):
    """Who signs shows who he is; ``shown`` is the version that he reads on the page."""

    secrets: ClassVar[frozenset[str]] = frozenset({"sign_in_name", "password", "code", "passkey"})

    def __init__(self, *args: Any, request: BatonRequest, shown: ToSign, **kwargs: Any) -> None:
        if request.actor.person is None:
            raise Forbidden
        self.request, self.shown, self.person = request, shown, request.actor.person
        self.is_first = SIGNED not in request.session
        super().__init__(*args, **kwargs)
        self.fields["digest"] = forms.CharField(max_length=64, widget=forms.HiddenInput)
        self.initial.setdefault("digest", shown.digest)
        self.asked = _asked(self.person, request, first=self.is_first)
        for name in self.asked:
            self.fields[name] = _FIELDS[name]()
        self.has_choice = {"code", "passkey"} <= set(self.asked)
        if self.has_choice:
            self.fields["code"].required = False
        self._means: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """The digest of the version as people compare it."""
        return short(self.shown.digest)

    @property
    def digest(self) -> str:
        """Of the version that the signer was shown."""
        return str(self.cleaned_data["digest"])

    @cached_property
    def question(self) -> dict[str, Any] | None:
        """What the browser asks a passkey of the signer, asked anew each time the page is shown; None: he has none."""
        return question_for(self.person) if "passkey" in self.asked else None

    @property
    def is_possible(self) -> bool:
        """Whether the person has anything to show who he is."""
        return bool(set(self.asked) - {"sign_in_name"})

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        given = {name: str(data.pop(name, "")) for name in self.asked}
        if self.errors:
            return data
        if not self.is_possible:
            raise forms.ValidationError(NOTHING_TO_SHOW)
        if self._lacks_factor(given):
            raise forms.ValidationError(NO_FACTOR)
        wrong = self._what_is_wrong(given)
        if wrong is None:
            self._means = tuple(name for name in self.asked if given[name])
        else:
            self._note_refusal()
            self.add_error(None, wrong)
        return data

    def signed(self, write: Callable[[Proof], R]) -> R | None:
        """The record that ``write`` returns, given the proof; None when it refused: then the form says why."""
        by, at = self.request.actor, self.request.now
        proof = Proof(self.person.public_id, self._means, at)
        made = self.carry_out(by=by, at=at, write=lambda: self._guarded(lambda: write(proof)))
        if made is not None and self.is_first:
            self.request.session[SIGNED] = True
        return made

    def _guarded(self, write: Callable[[], R]) -> R:
        try:
            return write()
        except VersionChanged as changed:
            self._put("digest", changed.digest)
            raise

    def _lacks_factor(self, given: dict[str, str]) -> bool:
        """Whether a second factor is asked for, and none of those that he has was given."""
        factors = {"code", "passkey"} & set(self.asked)
        return bool(factors) and not any(given[name] for name in factors)

    def _what_is_wrong(self, given: dict[str, str]) -> Any:
        """None where all is right. The password is tried before the code, so that no code is spent on a wrong one."""
        if not self._is_own_name(given):
            # Counted like a wrong password, and as slow: nobody has this one.
            given["password"] = f"\0{given.get('password', '')}"
        if "password" in given and not get_adapter().reauthenticate(self.person, given["password"]):
            return WRONG
        if given.get("passkey"):
            return None if answers(self.person, given["passkey"]) else NOT_READ
        if "code" not in given:
            return None
        typed = ConfirmFactorForm(data={"code": given["code"]}, user=self.person)
        return None if typed.is_valid() else typed.errors["code"]

    def _note_refusal(self) -> None:
        """Tries that were refused unseen because of too many before are not written, as at the sign-in."""
        locked = just_locked(self.request)
        if locked or not getattr(self.request, "axes_locked_out", False):
            changes.note_refused_signature(
                by=self.request.actor, at=self.request.now, kind=self.shown.kind, public_id=self.shown.public_id,
                locked=locked,
            )  # fmt: skip

    def _is_own_name(self, given: dict[str, str]) -> bool:
        if "sign_in_name" not in given:
            return True
        named = person_named(given["sign_in_name"])
        return named is not None and named.pk == self.person.pk


NO_FACTOR = _("A second factor was expected here. Nothing was given. Use your passkey, or type the code of your app.")
NOTHING_TO_SHOW = _(
    "Signing takes a password or a second factor of your own, and you have neither. Set up a second factor on your "
    "profile, then sign."
)


def _asked(person: Person, request: BatonRequest, *, first: bool) -> list[str]:
    """What is asked for, in order: for the first signature of a session sign-in name, password and second factor, later
    one of them. Who has set up an app and a passkey gives either."""
    has_app = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()
    factors = [*(["code"] if has_app else []), *(["passkey"] if has_passkey(person) else [])]
    password: list[str] = []
    if person.has_usable_password() and (settings.PASSWORDS_FOR_EVERYBODY or request.actor.has(Role.ADMINISTRATOR)):
        password = ["password"]
    return ["sign_in_name", *password, *factors] if first else password or factors


def _sign_in_name() -> forms.CharField:
    return forms.CharField(
        label=_("Your staff number, phone or e-mail"), max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )  # fmt: skip


def _password() -> forms.CharField:
    return forms.CharField(
        label=_("Your password"), strip=False, max_length=PASSWORD_LENGTH.stop - 1,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip


def _code() -> forms.CharField:
    return forms.CharField(
        label=_("Code from your app"), max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )  # fmt: skip


def _passkey() -> forms.CharField:
    """The answer of the browser; a script puts it here."""
    return forms.CharField(max_length=ANSWER_LENGTH, required=False, widget=forms.HiddenInput)


_FIELDS: dict[str, Callable[[], forms.CharField]] = {
    "sign_in_name": _sign_in_name, "password": _password, "code": _code, "passkey": _passkey
}  # fmt: skip
