"""Who calls."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Router
from pydantic import Field

from baton.core import policy
from baton.core.api.door import ANY_SCOPE, ApiRequest
from baton.core.api.endpoints import reads
from baton.core.api.schemas import PublicId, SaidTexts, Shown
from baton.core.errors import Forbidden
from baton.core.rules import Role, TokenKind
from baton_analysis.errors import gettext_noop

router = Router()


class TokenShown(Shown):
    """The token with which the call was made."""

    prefix: str = Field(examples=["2b3c4d5f"])
    name: str = Field(examples=["Nightly report"])
    token_kind: TokenKind
    scopes: list[str] = Field(examples=[["chain:read"]])
    expires_at: datetime


class MeShown(Shown):
    """The owner of the token."""

    id: PublicId
    name: SaidTexts
    roles: list[Role]
    language: str = Field(examples=["en"])
    time_zone: str = Field(examples=["Asia/Shanghai"])
    token: TokenShown


@reads(
    router, "", scope=ANY_SCOPE, may=policy.is_signed_in, response=MeShown,
    summary=gettext_noop("Who am I"),
    description=gettext_noop("The owner of the token, with organisation-wide roles, and what it may be used for."),
)  # fmt: skip
def read_me(request: ApiRequest) -> Any:
    person, token = request.actor.person, request.token
    if person is None:
        raise Forbidden
    return MeShown(
        id=person.public_id,
        name=person.name,
        roles=sorted(request.actor.roles),
        language=person.language,
        time_zone=person.time_zone,
        token=TokenShown(
            prefix=token.prefix, name=token.name, token_kind=TokenKind(token.token_kind), scopes=token.scopes,
            expires_at=token.expires_at,
        ),
    )  # fmt: skip
