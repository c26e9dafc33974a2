"""The settings of sign-in by the organisation's own account: ``BATON_OIDC`` names the providers, the others describe
each of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from baton.config import env
from baton.config.system_errors import code_of, why_no_file
from baton.core.accounts.providers import IdentityProvider, SecondFactor
from baton_analysis.errors import gettext_noop


def provider_names(raw: str) -> list[str]:
    """Short names such as company, in lower-case letters, digits and hyphens, separated by commas."""
    found = env.names(raw)
    if len(set(found)) != len(found) or not all(re.fullmatch(r"[a-z][a-z0-9-]{0,30}", name) for name in found):
        raise ValueError(raw)
    return found


def issuer(raw: str) -> str:
    """Address of the provider without /.well-known/openid-configuration."""
    if not raw:
        return ""
    parts = urlsplit(raw)
    if parts.query or parts.fragment or "/.well-known/" in raw or "@" in parts.netloc:
        raise ValueError(raw)
    return env.web_address(raw)


def recognised_by(raw: str) -> str:
    """email, or claim:NAME of the claim that holds the staff number."""
    if raw == "email":
        return ""
    kind, _colon, claim = raw.partition(":")
    if kind != "claim" or not claim.strip():
        raise ValueError(raw)
    return claim.strip()


def second_factor(raw: str) -> SecondFactor:
    """no, yes, or values of amr and acr with which the provider says that it has asked itself, such as mfa,otp."""
    said = env.names(raw)
    if [word.lower() for word in said] in (["no"], ["yes"]):
        return SecondFactor(asked=said[0].lower() == "yes")
    if not said:
        raise ValueError(raw)
    return SecondFactor(asked=True, unless=frozenset(said))


Reader = Callable[[str], Any]

# suffix -> reader, default, meaning, whether the value is a secret
_SETTINGS: dict[str, tuple[Reader, str, str, bool]] = {
    "ISSUER": (issuer, "", gettext_noop("Address of the provider; its configuration is found from there."), False),
    "CLIENT_ID": (env.text, "", gettext_noop("Name under which the provider knows Baton."), False),
    "CLIENT_SECRET": (env.text, "", gettext_noop("Secret that the provider gave Baton."), True),
    "CLIENT_SECRET_FILE": (env.text, "", gettext_noop("File that holds the secret."), False),
    "LABEL": (env.text, "", gettext_noop("What people call the provider; stands on the button."), False),
    "LABEL_ZH_HANS": (env.text, "", gettext_noop("The same in Chinese."), False),
    "SCOPES": (env.names, "openid,email,profile", gettext_noop("What the provider is asked for."), False),
    "RECOGNISED_BY": (recognised_by, "email", gettext_noop("What tells, the first time, who it is in Baton."), False),
    "EMAIL_DOMAINS": (env.names, "", gettext_noop("Mail domains that count as confirmed."), False),
    "ADDS_PEOPLE": (env.boolean, "no", gettext_noop("Add whoever is not known, without any role."), False),
    "SECOND_FACTOR": (second_factor, "no", gettext_noop("Ask for Baton's own second factor, too."), False),
    "SIGNS_OUT": (env.boolean, "yes", gettext_noop("Sign out at the provider, too, where it offers that."), False),
}  # fmt: skip


def identity_providers(*, loopback: bool) -> tuple[IdentityProvider, ...]:
    """All providers that the environment describes. ``loopback``: http is accepted, of providers on this machine.

    Raises :class:`baton.config.env.SettingError` for one that is not described in full.
    """
    ids = env.setting("BATON_OIDC", provider_names, "", "Providers for signing in with the organisation's account.")
    for suffix, (reader, default, meaning, secret) in _SETTINGS.items():
        env.declare(f"BATON_OIDC_<NAME>_{suffix}", reader, default, meaning, secret=secret)
    return tuple(_provider(id, loopback=loopback) for id in ids)


def _provider(id: str, *, loopback: bool) -> IdentityProvider:
    prefix = f"BATON_OIDC_{id.upper().replace('-', '_')}_"
    said = {
        suffix: env.read(prefix + suffix, reader, default, secret=secret)
        for suffix, (reader, default, _meaning, secret) in _SETTINGS.items()
    }
    secret = said["CLIENT_SECRET"] or _secret_in(said["CLIENT_SECRET_FILE"], prefix + "CLIENT_SECRET_FILE")
    for suffix, value in (("ISSUER", said["ISSUER"]), ("CLIENT_ID", said["CLIENT_ID"]), ("CLIENT_SECRET", secret)):
        if not value:
            raise env.SettingError(
                expected=gettext_noop("{name} must be set, because BATON_OIDC names the provider {id}."),
                found=gettext_noop("It is empty."),
                remedy=gettext_noop("Set it to what the provider shows, or take {id} out of BATON_OIDC."),
                name=prefix + suffix,
                id=id,
            )
    _demand_https(said["ISSUER"], prefix + "ISSUER", loopback=loopback)
    label = said["LABEL"] or id
    return IdentityProvider(
        id=id,
        names={"en": label, "zh-hans": said["LABEL_ZH_HANS"] or label},
        issuer=said["ISSUER"],
        client_id=said["CLIENT_ID"],
        client_secret=secret,
        scopes=tuple(dict.fromkeys(["openid", *said["SCOPES"]])),
        staff_number=said["RECOGNISED_BY"],
        email_domains=frozenset(domain.lower() for domain in said["EMAIL_DOMAINS"]),
        adds_people=said["ADDS_PEOPLE"],
        second_factor=said["SECOND_FACTOR"],
        signs_out=said["SIGNS_OUT"],
    )


def _secret_in(file: str, name: str) -> str:
    if not file:
        return ""
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as unreadable:
        raise env.SettingError(
            expected=gettext_noop("{name} must name a text file that Baton may read."),
            found=why_no_file(unreadable),
            remedy=gettext_noop("Correct the name, or let the user under whom Baton runs read the file."),
            name=name,
            path=file,
            code=code_of(unreadable),
        ) from unreadable


def _demand_https(address: str, name: str, *, loopback: bool) -> None:
    parts = urlsplit(address)
    if parts.scheme == "https" or (loopback and parts.hostname in {"127.0.0.1", "localhost", "::1"}):
        return
    raise env.SettingError(
        expected=gettext_noop(
            "{name} must be https: whoever can change what the provider says can sign in as anybody."
        ),
        found=gettext_noop("It is {address}."),
        remedy=gettext_noop("Use the https address of the provider."),
        name=name,
        address=address,
    )
