"""The pages of allauth that Baton has: no self sign-up, no list of addresses, no trusted browsers."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path, re_path

from baton.core import policy
from baton.core.accounts import passkey_views, provider_views
from baton.core.accounts.views import reset_with_code
from baton.core.guards import guarded, public

signed_in = guarded(policy.is_signed_in)

urlpatterns = [
    path("login/", provider_views.sign_in, name="account_login"),
    path("logout/", provider_views.sign_out, name="account_logout"),
    path("oidc/<slug:provider_id>/", provider_views.to_provider, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/callback/", provider_views.from_provider, name="openid_connect_callback"),
    path("inactive/", public(account.account_inactive), name="account_inactive"),
    path("confirm/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", signed_in(account.password_change), name="account_change_password"),
    path("password/set/", signed_in(account.password_set), name="account_set_password"),
    path("password/reset/", public(account.password_reset), name="account_reset_password"),
    path("password/reset/done/", public(account.password_reset_done), name="account_reset_password_done"),
    path("password/reset/code/", reset_with_code, name="account_reset_with_code"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        public(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("second-factor/", signed_in(passkey_views.factors), name="mfa_index"),
    path("second-factor/authenticate/", public(mfa.authenticate), name="mfa_authenticate"),
    path("second-factor/confirm/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("second-factor/app/on/", signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path("second-factor/app/off/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("second-factor/passkeys/add/", signed_in(passkey_views.add_passkey), name="mfa_add_webauthn"),
    path(
        "second-factor/passkeys/confirm/", signed_in(passkey_views.confirm_passkey), name="mfa_reauthenticate_webauthn"
    ),
    path(
        "second-factor/passkeys/<int:pk>/remove/", signed_in(passkey_views.remove_passkey), name="mfa_remove_webauthn"
    ),
    path("second-factor/codes/", signed_in(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", signed_in(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("second-factor/codes/file/", signed_in(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
]
