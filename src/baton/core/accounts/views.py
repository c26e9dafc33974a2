"""Pages about accounts that allauth does not have."""

from __future__ import annotations

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from baton.core import changes
from baton.core.error_pages import error_page
from baton.core.errors import Refused, explain
from baton.core.guards import public
from baton.core.middleware import BatonRequest
from baton.core.rules import PASSWORD_LENGTH


class ResetWithCodeForm(forms.Form):
    """Sign-in name, the code that was handed over, and the new password twice."""

    sign_in_name = forms.CharField(label=_("Staff number, phone or e-mail"), max_length=254)
    code = forms.CharField(
        label=_("Code"), max_length=40, help_text=_("Three groups of four, as it was handed to you."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("New password"), strip=False, max_length=PASSWORD_LENGTH.stop - 1,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=_("New password again"), strip=False, max_length=PASSWORD_LENGTH.stop - 1,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError(_("The two passwords differ. Type the same one twice."))
        return again


@sensitive_post_parameters("code", "password", "again")
@never_cache
@public
def reset_with_code(request: BatonRequest) -> HttpResponse:
    """Set a new password with a one-time code; public because whoever needs it cannot sign in."""
    form = ResetWithCodeForm(request.POST or None)
    if request.method == "POST":
        if not ratelimit.consume(request, action="reset_with_code"):
            return error_page(request, 429)
        if form.is_valid():
            data = form.cleaned_data
            try:
                changes.reset_password_with_code(
                    at=request.now, sign_in_name=data["sign_in_name"], code=data["code"], password=data["password"],
                    request=request.request_id,
                )  # fmt: skip
            except Refused as refused:
                form.add_error(refused.field or None, explain(refused))
            else:
                messages.success(request, gettext("Your new password is set. Sign in with it."))
                return redirect("account_login")
    return render(request, "account/reset_with_code.html", {"form": form}, status=422 if form.errors else 200)
