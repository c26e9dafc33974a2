"""Typed readers of the environment.

Every setting that an installation may change is read through :func:`setting`, which also enters it in
:data:`DECLARED`, from which the settings page of the guide is generated.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from baton.core.currencies import CURRENCIES
from baton.core.rules import START_REFUSED
from baton_analysis.errors import BatonError, Phrase, gettext_noop


class SettingError(BatonError):
    """A value in the environment cannot be read as what the setting needs, or the settings do not fit each other."""

    exit_code = START_REFUSED


@dataclass(frozen=True, slots=True)
class Declared:
    """One setting as the documentation lists it."""

    name: str
    kind: str
    default: str
    help: str


DECLARED: dict[str, Declared] = {}


def text(raw: str) -> str:
    """Any text."""
    return raw


def integer(raw: str) -> int:
    """A whole number."""
    return int(raw)


def share(raw: str) -> float:
    """A number above 0 and below 1, such as 0.05."""
    value = float(raw)
    if not 0 < value < 1:
        raise ValueError(raw)
    return value


def boolean(raw: str) -> bool:
    """yes/no, true/false, on/off, 1/0."""
    lowered = raw.strip().lower()
    if lowered in {"1", "true", "yes", "on"}:
        return True
    if lowered in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError(raw)


def log_level(raw: str) -> str:
    """DEBUG, INFO, WARNING or ERROR."""
    if raw.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError(raw)
    return raw.upper()


def language(raw: str) -> str:
    """en or zh-hans."""
    if raw.lower() not in {"en", "zh-hans"}:
        raise ValueError(raw)
    return raw.lower()


def everybody_or_administrators(raw: str) -> str:
    """everybody, or administrators."""
    if raw not in {"everybody", "administrators"}:
        raise ValueError(raw)
    return raw


def time_zone(raw: str) -> str:
    """A time zone such as Asia/Shanghai."""
    try:
        ZoneInfo(raw)
    except (OSError, LookupError) as unknown:
        raise ValueError(raw) from unknown
    return raw


def currency(raw: str) -> str:
    """A currency by its ISO 4217 code, such as CNY."""
    if raw.strip().upper() not in CURRENCIES:
        raise ValueError(raw)
    return raw.strip().upper()


def folder(raw: str) -> Path:
    """A folder, made absolute."""
    return Path(raw).expanduser().resolve()


def names(raw: str) -> list[str]:
    """Names separated by commas."""
    return [part.strip() for part in raw.split(",") if part.strip()]


def web_ports(raw: str) -> list[int]:
    """Ports among 443, 8443 and 80, separated by commas."""
    ports = [int(part) for part in names(raw)]
    if not ports or not set(ports) <= {443, 8443, 80}:
        raise ValueError(raw)
    return ports


def networks(raw: str) -> list[str]:
    """Networks such as 10.20.0.0/16, separated by commas."""
    return [str(ip_network(part)) for part in names(raw)]


def web_address(raw: str) -> str:
    """An http or https address without a trailing slash."""
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(raw)
    return raw.rstrip("/")


def database(raw: str) -> dict[str, object]:
    """``sqlite:///absolute/path.sqlite3`` or ``postgresql://user:password@host:port/name``."""
    parts = urlsplit(raw)
    if parts.scheme == "sqlite" and parts.path:
        return {"ENGINE": "baton.core.database.sqlite", "NAME": unquote(parts.path)}
    if parts.scheme in {"postgres", "postgresql"} and parts.path.strip("/"):
        return {
            "ENGINE": "baton.core.database.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
        }
    raise ValueError(raw)


def owner_database(raw: str) -> dict[str, object] | None:
    """``postgresql://owner:password@host:port/name``."""
    if not raw:
        return None
    found = database(raw)
    if "USER" not in found:
        raise ValueError(raw)
    return found


T = TypeVar("T")


def declare(name: str, reader: Callable[[str], object], default: str, help: str, *, secret: bool = False) -> None:
    """List a setting whose own name is made of another one, such as ``BATON_OIDC_<NAME>_ISSUER``."""
    DECLARED[name] = Declared(name, _kind(reader), "" if secret else default, help)


def setting(name: str, reader: Callable[[str], T], default: str, help: str, *, secret: bool = False) -> T:
    """Read ``name`` from the environment with ``reader``; an unset or empty variable means ``default``.

    Raises :class:`SettingError` with what was expected when the reader refuses the value.
    """
    declare(name, reader, default, help, secret=secret)
    return read(name, reader, default, secret=secret)


def read(name: str, reader: Callable[[str], T], default: str, *, secret: bool = False) -> T:
    """The value of a setting that is declared already."""
    kind = _kind(reader)
    raw = os.environ.get(name) or default
    try:
        return reader(raw)
    except ValueError as refused:
        raise SettingError(
            expected=gettext_noop("{name} must be: {kind}"),
            found=gettext_noop("It is “{raw}”."),
            remedy=gettext_noop("Correct the environment variable {name} and start again."),
            name=name,
            kind=Phrase(kind),
            raw="***" if secret else raw,
        ) from refused


def _kind(reader: Callable[[str], object]) -> str:
    return (reader.__doc__ or reader.__name__).strip().splitlines()[0]


KINDS = (
    gettext_noop("Any text."),
    gettext_noop("A whole number."),
    gettext_noop("A number above 0 and below 1, such as 0.05."),
    gettext_noop("yes/no, true/false, on/off, 1/0."),
    gettext_noop("A folder, made absolute."),
    gettext_noop("Names separated by commas."),
    gettext_noop("Networks such as 10.20.0.0/16, separated by commas."),
    gettext_noop("Ports among 443, 8443 and 80, separated by commas."),
    gettext_noop("An http or https address without a trailing slash."),
    gettext_noop("en or zh-hans."),
    gettext_noop("A currency by its ISO 4217 code, such as CNY."),
    gettext_noop("Short names such as company, in lower-case letters, digits and hyphens, separated by commas."),
    gettext_noop("Address of the provider without /.well-known/openid-configuration."),
    gettext_noop("email, or claim:NAME of the claim that holds the staff number."),
    gettext_noop(
        "no, yes, or values of amr and acr with which the provider says that it has asked itself, such as mfa,otp."
    ),
    gettext_noop("everybody, or administrators."),
    gettext_noop("A time zone such as Asia/Shanghai."),
    gettext_noop("``postgresql://owner:password@host:port/name``."),
    gettext_noop("DEBUG, INFO, WARNING or ERROR."),
    gettext_noop("``sqlite:///absolute/path.sqlite3`` or ``postgresql://user:password@host:port/name``."),
)
"""How values are written: the first lines of the readers' docstrings, marked for translation. scripts/reference.py
refuses a reader whose line is missing here."""
