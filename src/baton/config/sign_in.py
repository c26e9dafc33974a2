"""How people sign in: settings of Django, allauth and axes that no installation changes."""

from __future__ import annotations

from datetime import timedelta

from baton.core import rules

AUTH_USER_MODEL = "core.Person"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# The first refuses who tried too often, before anything is hashed; the second looks at name and password.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "baton.core.accounts.backends.SignInBackend"]
PASSWORD_HASHERS = ["baton.core.accounts.hashers.PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "baton.core.accounts.passwords.LengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("sign_in_name", "email", "phone")},
    },
]

ACCOUNT_ADAPTER = "baton.core.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "sign_in_name"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# One generator, which looks at password, last sign-in and e-mail: a link dies with any of them.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=2).total_seconds())
ACCOUNT_FORMS = {
    "login": "baton.core.accounts.forms.SignInForm",
    "reset_password": "baton.core.accounts.forms.AskForResetForm",
    "reset_password_from_key": "baton.core.accounts.forms.ResetForm",
    "change_password": "baton.core.accounts.forms.ChangeForm",
    "set_password": "baton.core.accounts.forms.SetForm",
    "reauthenticate": "baton.core.accounts.forms.ConfirmPasswordForm",
}
# Failed sign-ins are counted by axes; "login_failed" here counts wrong one-time codes.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/5m/key",
    "login": "600/m/ip",
    "reset_password": "30/m/ip",
    "reset_with_code": "20/5m/ip",
    "task_link": "60/5m/ip",
    "to_provider": "600/m/ip",
    "provider_refused": "60/m/ip",
}

SOCIALACCOUNT_ADAPTER = "baton.core.accounts.outside.SocialAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"provider_class": "baton.core.accounts.oidc.OidcProvider"}}

MFA_ADAPTER = "baton.core.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# The device asks for finger, face or its PIN: a passkey is what somebody has and what he is or knows.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_PERIOD = int(rules.TOTP_STEP.total_seconds())
MFA_TOTP_TOLERANCE = rules.TOTP_TOLERANCE
MFA_FORMS = {
    "authenticate": "baton.core.accounts.forms.SecondFactorForm",
    "reauthenticate": "baton.core.accounts.forms.ConfirmFactorForm",
    "activate_totp": "baton.core.accounts.forms.SetUpFactorForm",
    "add_webauthn": "baton.core.accounts.passkeys.AddPasskeyForm",
    "authenticate_webauthn": "baton.core.accounts.passkeys.PasskeyForm",
    "reauthenticate_webauthn": "baton.core.accounts.passkeys.ConfirmPasskeyForm",
}

AXES_HANDLER = "baton.core.accounts.attempts.AttemptsHandler"
AXES_USERNAME_CALLABLE = "baton.core.accounts.attempts.account_of"
AXES_CLIENT_IP_CALLABLE = "baton.core.accounts.attempts.address_of"
AXES_LOCKOUT_CALLABLE = "baton.core.accounts.attempts.locked_out"
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_USERNAME_FORM_FIELD = "login"
AXES_SENSITIVE_PARAMETERS = ["login", "username", "ip_address", "csrfmiddlewaretoken"]
AXES_FAILURE_LIMIT = rules.SIGN_IN_FAILURES
AXES_COOLOFF_TIME = rules.SIGN_IN_COOL_OFF
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
