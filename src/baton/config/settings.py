"""The one settings module. What an installation may change is read through :mod:`baton.config.env`."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

import baton  # noqa: F401  (chooses the SQLite library before Django loads)
from baton.config import env
from baton.config.identity_providers import identity_providers
from baton.config.sign_in import *  # noqa: F403  (Django takes every setting from this module)
from baton.config.system_errors import code_of, why_no_file
from baton.core import rules
from baton_analysis.errors import gettext_noop

# Server and worker share the processor. Threads of one multiplication that wait for each other there take many times as
# long as one thread; the matrices here are small.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

PACKAGE = Path(__file__).resolve().parent.parent

DATA_DIR: Path = env.setting(
    "BATON_DATA", env.folder, "data", "Folder of the database, facts, uploads and keys. Local disk only."
)
try:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    if not os.access(DATA_DIR, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, "", DATA_DIR)
except OSError as refused:
    raise env.SettingError(
        expected=gettext_noop("BATON_DATA must be a folder in which Baton may write."),
        found=why_no_file(refused),
        remedy=gettext_noop("Create it for the user under whom Baton runs, or name another folder."),
        path=DATA_DIR,
        code=code_of(refused),
    ) from refused

DEMO: bool = env.setting("BATON_DEMO", env.boolean, "no", "Demonstration: sample organisation, known sign-ins.")
DEBUG: bool = env.setting("BATON_DEBUG", env.boolean, "no", "Developer's mode. Never on a reachable address.")
BASE_URL: str = env.setting(
    "BATON_BASE_URL", env.web_address, "http://127.0.0.1:8000", "Address under which people reach Baton."
)
ALLOW_PLAIN_HTTP: bool = env.setting(
    "BATON_ALLOW_PLAIN_HTTP", env.boolean, "no", "Allow http beyond this machine. Passwords then travel in the clear."
)
ALLOWED_HOSTS: list[str] = env.setting(
    "BATON_HOSTS",
    env.names,
    "127.0.0.1,localhost,[::1]",
    "Host names that requests may carry, beside BATON_BASE_URL's.",
)
PROXIES: int = env.setting(
    "BATON_PROXIES", env.integer, "0", "How many reverse proxies stand before Baton; their headers are then believed."
)
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = [*ALLOWED_HOSTS, urlsplit(BASE_URL).hostname or ""]
if not HTTPS and not ALLOW_PLAIN_HTTP and urlsplit(BASE_URL).hostname not in LOOPBACK:
    raise env.SettingError(
        expected=gettext_noop("BATON_BASE_URL must be https, so that nobody on the way can read passwords."),
        found=gettext_noop("It is {address}."),
        remedy=gettext_noop("Use https (baton serve --lan makes a certificate) or set BATON_ALLOW_PLAIN_HTTP=yes."),
        address=BASE_URL,
    )


def _secret_key() -> str:
    given = env.setting(
        "BATON_SECRET_KEY", env.text, "", "Key of sessions and tokens; made in the data folder when unset.", secret=True
    )
    if given:
        return given
    file = DATA_DIR / "secret_key"
    try:
        return _key_in(file)
    except OSError as unreadable:
        raise env.SettingError(
            expected=gettext_noop("The secret key stands in {file}, which Baton reads."),
            found=why_no_file(unreadable),
            remedy=gettext_noop("Let the user under whom Baton runs read it, or set BATON_SECRET_KEY."),
            file=file,
            path=file,
            code=code_of(unreadable),
        ) from unreadable


def _key_in(file: Path) -> str:
    """The key in ``file``; made when there is neither a key nor a database that could have been used with one."""
    if not file.exists():
        if (DATA_DIR / "baton.sqlite3").exists():
            raise _no_key(file, gettext_noop("The file is missing, but there is a database that was used with a key."))
        # Written beside it and then given its name, so that of two processes that start nobody reads half a key.
        made = DATA_DIR / f".secret_key-{secrets.token_hex(8)}"
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(secrets.token_urlsafe(64))
        with suppress(FileExistsError):
            os.link(made, file)
        made.unlink()
    key = file.read_text().strip()
    if not key:
        raise _no_key(file, gettext_noop("The file is empty."))
    return key


def _no_key(file: Path, found: str) -> env.SettingError:
    return env.SettingError(
        expected=gettext_noop("The secret key of the installation must stand in {file} or in BATON_SECRET_KEY."),
        found=found,
        remedy=gettext_noop(
            "Put it back from where you keep it. If it is lost, write a new one into the file; then nobody with a "
            "second factor can sign in until it is removed, and pseudonyms of persons change."
        ),
        file=file,
    )


SECRET_KEY = _secret_key()

DATABASES = {
    "default": env.setting(
        "DATABASE_URL",
        env.database,
        f"sqlite:///{DATA_DIR / 'baton.sqlite3'}",
        "SQLite for up to about 200 people, PostgreSQL above.",
        secret=True,
    ),
}
if DATABASES["default"]["ENGINE"] == "baton.core.database.sqlite":
    # A connection a thread, kept: opening a file and reading its schema costs more than a query.
    DATABASES["default"]["CONN_MAX_AGE"] = None
    # Sessions, cache and sign-in counters: written on reads, lost without harm, therefore apart and never backed up.
    DATABASES["volatile"] = {
        "ENGINE": "baton.core.database.sqlite",
        "NAME": str(Path(str(DATABASES["default"]["NAME"])).with_suffix(".volatile.sqlite3")),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"durable": False},
    }
else:
    # A pool a process: a connection for each of its threads, opened when needed.
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 16, "timeout": 20.0}}
OWNER_DATABASE: dict[str, object] | None = env.setting(
    "BATON_OWNER_DATABASE_URL",
    env.owner_database,
    "",
    "PostgreSQL: owner of the tables, for baton migrate, restore and forget; not for the services.",
    secret=True,
)
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "baton_cache"},
}
DATABASE_ROUTERS = ["baton.core.database.router.VolatileRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "baton.core.controls.Renderer"

INSTALLED_APPS = [
    "baton.starters",
    "baton.feedback",
    "baton.handoffs",
    "baton.agreements",
    "baton.chain",
    "baton.monitoring",
    "baton.core",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "template_partials",
]

MIDDLEWARE = [
    "baton.core.untraced.UntracedMiddleware",
    "baton.core.middleware.RequestIdMiddleware",
    "baton.core.middleware.NulMiddleware",
    "baton.core.middleware.ApiMiddleware",
    "baton.core.middleware.NamelessMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "baton.core.middleware.PlainHttpMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "baton.core.middleware.PersonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "baton.core.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "baton.config.urls"
WSGI_APPLICATION = "baton.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "baton.core.context.page",
            ],
        },
    }
]

EVENT_LOG_LIMIT_MIB: int = env.setting(
    "BATON_EVENT_LOG_LIMIT_MIB", env.integer, "50", "Largest event log that may be uploaded, in MiB."
)
EVENT_LOG_EVENTS: int = env.setting(
    "BATON_EVENT_LOG_EVENTS", env.integer, "2000000", "Most events of an event log; two million take about 600 MiB."
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024**2
"""Most bytes of a form beside its files: 50,000 people with all that is known of them, pasted, are about 5 MB."""
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
"""Most fields of a form: a survey about five links with all the options that questionnaires may have is 18,000."""
FILE_UPLOAD_HANDLERS = [
    "baton.core.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

FALSE_SIGNALS: float = env.setting(
    "BATON_FALSE_SIGNALS", env.share, "0.05",
    "Of the signals that are marked as holding over all charts, this share may be false (Benjamini-Hochberg).",
)  # fmt: skip

API_CALLS_A_MINUTE: int = env.setting(
    "BATON_API_CALLS_A_MINUTE", env.integer, "600", "Most calls of the API a minute with one token, in each process."
)
API_WRONG_TOKENS_A_MINUTE: int = env.setting(
    "BATON_API_WRONG_TOKENS_A_MINUTE", env.integer, "120",
    "Most calls of the API a minute with wrong tokens from one address, in each process; right ones go on.",
)  # fmt: skip

SURVEY_KEYS: str = env.setting(
    "BATON_SURVEY_KEYS", env.text, "",
    "Folder of the keys of open surveys and of talks with confidants: outside the data folder and outside every "
    "backup. Empty: beside the data folder, with -survey-keys behind its name.",
)  # fmt: skip
if SURVEY_KEYS and Path(SURVEY_KEYS).resolve().is_relative_to(DATA_DIR.resolve()):
    raise env.SettingError(
        expected=gettext_noop("BATON_SURVEY_KEYS is a folder outside the data folder, so that no backup has the keys."),
        found=gettext_noop("{path} lies within it."),
        remedy=gettext_noop("Name another folder."),
        path=SURVEY_KEYS,
    )

SETTLEMENT: bool = env.setting(
    "BATON_SETTLEMENT", env.boolean, "no", "Let both sides of a link agree to count points for handoffs in a ledger."
)
WEBHOOK_PORTS: list[int] = env.setting(
    "BATON_WEBHOOK_PORTS", env.web_ports, "443", "Ports that webhooks may call: 443, 8443, 80 (80 is not encrypted)."
)
OUTGOING_NETWORKS: list[str] = env.setting(
    "BATON_OUTGOING_NETWORKS",
    env.networks,
    "",
    "Private networks that webhooks and sign-in may reach, such as 10.20.0.0/16; this machine never.",
)
CHAT_HOSTS: list[str] = env.setting(
    "BATON_CHAT_HOSTS",
    env.names,
    "",
    "Hosts of group chats beside those of WeCom, DingTalk and Feishu, such as of a service of one's own.",
)
WEBHOOK_DAYS: int = env.setting(
    "BATON_WEBHOOK_DAYS", env.integer, "3", "Days of failed calls after which a webhook is paused."
)

OIDC_LOOPBACK: bool = env.setting(
    "BATON_OIDC_LOOPBACK", env.boolean, "no", "For tests: providers on this machine, without encryption."
)
if OIDC_LOOPBACK and urlsplit(BASE_URL).hostname not in LOOPBACK:
    raise env.SettingError(
        expected=gettext_noop("BATON_OIDC_LOOPBACK is for trying out on this machine alone."),
        found=gettext_noop("BATON_BASE_URL is {address}."),
        remedy=gettext_noop(
            "Unset BATON_OIDC_LOOPBACK; a provider in your network belongs in BATON_OUTGOING_NETWORKS."
        ),
        address=BASE_URL,
    )
IDENTITY_PROVIDERS = identity_providers(loopback=OIDC_LOOPBACK)
PASSWORDS_FOR_EVERYBODY: bool = (
    env.setting(
        "BATON_PASSWORD_SIGN_IN",
        env.everybody_or_administrators,
        "everybody",
        "Who may sign in with a password; administrators, where all others use the organisation's account.",
    )
    == "everybody"
)
if not PASSWORDS_FOR_EVERYBODY and not IDENTITY_PROVIDERS:
    raise env.SettingError(
        expected=gettext_noop("Without passwords people need a provider with which they sign in."),
        found=gettext_noop("BATON_PASSWORD_SIGN_IN is administrators, and BATON_OIDC names no provider."),
        remedy=gettext_noop("Set BATON_OIDC, or BATON_PASSWORD_SIGN_IN=everybody."),
    )

NAMELESS_PATHS = ("/w/", "/tablet/")
"""Where people take part in workshops, and what shared tablets show: no session counts there."""
UNTRACED_PATHS = ("/s/", "/tell/")
"""Where people answer anonymous surveys or tell something without a sign-in: nothing of a request there says who sent
it, and none is logged."""
UNLOGGED_PATHS = ("/surveys/mine/code/", "/confidants/")
"""Where somebody who is signed in fetches the way to his sheet, or talks to a confidant: that he did, and when, stands
in no line of the log unless the program fails, and no browser keeps the page."""
SESSION_COOKIE_NAME = "__Host-baton" if HTTPS else "baton"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = int(rules.SESSION_ABSOLUTE.total_seconds())
CSRF_COOKIE_NAME = "__Host-baton-csrf" if HTTPS else "baton-csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "baton.core.error_pages.csrf_failure"
LANGUAGE_COOKIE_NAME = "baton-language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_SSL_HOST = urlsplit(BASE_URL).netloc if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^health$"]
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

EMAIL_HOST: str = env.setting(
    "BATON_SMTP_HOST", env.text, "", "Mail server; empty: no mail is sent, codes are handed over."
)
SENDS_MAIL = bool(EMAIL_HOST)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if SENDS_MAIL else 'dummy'}.EmailBackend"
EMAIL_PORT = env.setting("BATON_SMTP_PORT", env.integer, "587", "Port of the mail server.")
EMAIL_HOST_USER = env.setting("BATON_SMTP_USER", env.text, "", "Name at the mail server.")
EMAIL_HOST_PASSWORD = env.setting("BATON_SMTP_PASSWORD", env.text, "", "Password at the mail server.", secret=True)
EMAIL_USE_TLS = env.setting("BATON_SMTP_TLS", env.boolean, "yes", "Encrypt the connection to the mail server.")
EMAIL_TIMEOUT = 20
INBOX_HOST: str = env.setting(
    "BATON_INBOX_HOST", env.text, "", "IMAP server with the mailbox for feedback; empty: none is read."
)
INBOX_PORT = env.setting("BATON_INBOX_PORT", env.integer, "993", "Port of the IMAP server.")
INBOX_USER = env.setting("BATON_INBOX_USER", env.text, "", "Name at the IMAP server.")
INBOX_PASSWORD = env.setting("BATON_INBOX_PASSWORD", env.text, "", "Password at the IMAP server.", secret=True)
INBOX_PASSWORD_FILE: str = env.setting(
    "BATON_INBOX_PASSWORD_FILE", env.text, "", "File with the password at the IMAP server, instead of the password."
)
INBOX_FOLDER = env.setting("BATON_INBOX_FOLDER", env.text, "INBOX", "Folder of the mailbox that is read.")
INBOX_TLS = env.setting(
    "BATON_INBOX_TLS", env.boolean, "yes", "Encrypt the connection to the IMAP server; no: only on this machine."
)
if INBOX_HOST and not INBOX_TLS and INBOX_HOST not in {"127.0.0.1", "::1", "localhost"}:
    raise env.SettingError(
        expected=gettext_noop("The password of the mailbox for feedback travels encrypted."),
        found=gettext_noop("BATON_INBOX_TLS is no, and BATON_INBOX_HOST is another machine."),
        remedy=gettext_noop("Leave BATON_INBOX_TLS out, or read the mailbox of this machine."),
    )
DEFAULT_FROM_EMAIL = env.setting("BATON_MAIL_FROM", env.text, "baton@localhost", "Sender of Baton's mail.")
AUDIT_HEADS_TO: list[str] = env.setting(
    "BATON_AUDIT_HEADS_TO", env.names, "", "E-mail addresses to which the signed head of the audit trail goes daily."
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "baton.core.logs.JsonFormatter"}},
    "filters": {"failures_only": {"()": "baton.core.untraced.FailuresOnly"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["failures_only"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "baton": {"level": env.setting("BATON_LOG_LEVEL", env.log_level, "INFO", "Least serious thing to log.")},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # What axes would say about attempts stands in the audit trail.
        "axes": {"level": "ERROR"},
    },
}

LANGUAGE_CODE = env.setting("BATON_LANGUAGE", env.language, "en", "Language of the organisation: en or zh-hans.")
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = env.setting(
    "BATON_TIME_ZONE", env.time_zone, "UTC", "Time zone of the organisation, such as Asia/Shanghai."
)
CURRENCY: str = env.setting(
    "BATON_CURRENCY", env.currency, "EUR",
    "Currency of all costs, by its ISO 4217 code. Changing it converts nothing: set it before the first cost.",
)  # fmt: skip
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
# Style sheets and scripts are served from the packages themselves: nothing to collect, nothing to forget at an upgrade.
WHITENOISE_USE_FINDERS = True

# Work for later is a row in the database of the records: it is there if and only if what asked for it was committed.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
