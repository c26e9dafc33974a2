"""The one settings module. What an installation may change is read through :mod:`baton.config.env`."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import baton  # noqa: F401  (chooses the SQLite library before Django loads)
from baton.config import env

PACKAGE = Path(__file__).resolve().parent.parent

DATA_DIR: Path = env.setting(
    "BATON_DATA", env.folder, "data", "Folder of the database, facts, uploads and keys. Local disk only."
)
DATA_DIR.mkdir(parents=True, exist_ok=True)

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


def _secret_key() -> str:
    given = env.setting(
        "BATON_SECRET_KEY", env.text, "", "Key of sessions and tokens; made in the data folder when unset.", secret=True
    )
    if given:
        return given
    file = DATA_DIR / "secret_key"
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(secrets.token_urlsafe(64))
    return file.read_text().strip()


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
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "baton_cache"},
}
DATABASE_ROUTERS = ["baton.core.database.router.VolatileRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
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
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "template_partials",
]

MIDDLEWARE = [
    "baton.core.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "baton.core.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
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

AUTH_USER_MODEL = "core.Person"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = env.setting("BATON_LANGUAGE", env.text, "en", "Language of the organisation: en or zh-hans.")
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = env.setting("BATON_TIME_ZONE", env.text, "UTC", "Time zone of the organisation, such as Asia/Shanghai.")
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"

# Work for later is a row in the database of the records: it is there if and only if what asked for it was committed.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
