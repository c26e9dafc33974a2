"""What a provider says about who signed in, checked (OpenID Connect Core 1.0, 3.1.3.7)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.utils.translation import gettext_lazy as _

# Signatures with a key pair only: “none” proves nothing, and with a shared secret the public key would do as one.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")

LEEWAY = 60.0
"""Seconds by which the clocks of the two machines may differ."""

# The first that fits says what is wrong.
_WRONG: tuple[tuple[type[jwt.PyJWTError], Any], ...] = (
    (jwt.ExpiredSignatureError, _("it is too old")),
    (jwt.ImmatureSignatureError, _("it is from the future; the clocks differ")),
    (jwt.InvalidIssuerError, _("it comes from another provider")),
    (jwt.InvalidAudienceError, _("it is meant for another application")),
    (jwt.InvalidSignatureError, _("its signature is not the provider’s")),
    (jwt.MissingRequiredClaimError, _("something that must be in it is missing")),
)


class TokenRefused(OAuth2Error):  # type: ignore[misc]
    """The token cannot be trusted; ``detail`` says why, in the reader's language."""

    def __init__(self, detail: Any) -> None:
        self.detail = detail
        super().__init__(str(detail))


def nonce_of(verifier: str) -> str:
    """The nonce that belongs to a PKCE verifier: both are known to the browser's session alone, so that one kept
    secret is enough."""
    digest = hashlib.sha256(b"baton.nonce:" + verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def verified_claims(token: str, *, keys: Any, issuer: str, audience: str, nonce: str) -> dict[str, Any]:
    """The claims of an ID token whose signature, issuer, audience, times and nonce are right.

    ``keys`` is the provider's JSON Web Key Set. Raises :class:`TokenRefused`.
    """
    try:
        header = jwt.get_unverified_header(token)
        claims: dict[str, Any] = jwt.decode(
            token, _key(keys, header), algorithms=list(ALGORITHMS), issuer=issuer, audience=audience, leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )  # fmt: skip
    except jwt.PyJWTError as wrong:
        raise TokenRefused(next((said for kind, said in _WRONG if isinstance(wrong, kind)), _UNREADABLE)) from wrong
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise TokenRefused(_("it belongs to another sign-in"))
    if claims.get("azp", audience) != audience:
        raise TokenRefused(_("it is meant for another application"))
    return claims


_UNREADABLE = _("it cannot be read")


def _key(keys: Any, header: dict[str, Any]) -> jwt.PyJWK:
    """The key of the provider with which a token of this header must be signed."""
    algorithm, name = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise TokenRefused(_("it is not signed as it must be"))
    offered = keys.get("keys") if isinstance(keys, dict) else None
    fitting = [
        key
        for key in (offered if isinstance(offered, list) else [])
        if isinstance(key, dict)
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and (name is None or key.get("kid") == name)
    ]
    if len(fitting) != 1:
        raise TokenRefused(_("its signature is not the provider’s"))
    return jwt.PyJWK(fitting[0], algorithm=algorithm)
