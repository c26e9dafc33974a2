"""Sign-in by the organisation's own account: which OpenID Connect providers there are. Imports no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """Whether Baton asks for its own second factor (of those who have set one up) after the provider's sign-in.

    ``asked``: it does, unless the provider says with one of ``unless`` (values of the claims amr and acr) that it has
    asked for one itself.
    """

    asked: bool = False
    unless: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """One provider, as the settings ``BATON_OIDC_<NAME>_...`` describe it.

    ``id`` stands in its addresses; ``names`` is what people call it, by language. ``issuer`` has no slash at its end.
    ``staff_number`` is the claim that holds a person's staff number (his sign-in name); empty: people are recognised
    by their confirmed e-mail. ``email_domains`` are those whose addresses count as confirmed without the claim
    email_verified. ``adds_people``: whoever is not known is added, without any role. ``signs_out``: signing out of
    Baton signs out there, too.
    """

    id: str
    names: Mapping[str, str]
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    staff_number: str = ""
    email_domains: frozenset[str] = frozenset()
    adds_people: bool = False
    second_factor: SecondFactor = SecondFactor()
    signs_out: bool = True
