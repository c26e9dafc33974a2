"""Why a sign-in with the organisation's account does not succeed, said so that the person knows what to do."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop


class Why(StrEnum):
    """What went wrong; the word stands in the audit trail.

    DOWN        the provider does not answer, or not as OpenID Connect does
    CANCELLED   the person broke it off there
    REFUSED     the provider refused, or did not take the code
    STATE       it did not begin here, took too long, or was answered before
    TOKEN       what says who it is cannot be trusted: signature, issuer, audience, time or nonce
    UNKNOWN     nobody in Baton has this e-mail or staff number
    UNSAID      the provider did not say what people are recognised by
    UNCONFIRMED the provider did not confirm the e-mail
    OTHER       the person signs in with another account of this provider
    UNLINKED    an administrator took this account away
    OFF         the person's account in Baton is switched off
    """

    DOWN = "down"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    STATE = "state"
    TOKEN = "token"
    UNKNOWN = "unknown"
    UNSAID = "unsaid"
    UNCONFIRMED = "unconfirmed"
    OTHER = "other"
    UNLINKED = "unlinked"
    OFF = "off"


# why -> status, expected, found, remedy; with {provider}, and {claim} or {detail} where it matters
_SAID: dict[Why, tuple[int, str, str, str]] = {
    Why.DOWN: (
        503,
        gettext_noop("{provider} says who you are."),
        gettext_noop("It does not answer at the moment, or its settings in Baton are not right."),
        gettext_noop("Try again in a few minutes. If it happens again, tell the administrator the number below."),
    ),
    Why.CANCELLED: (
        400,
        gettext_noop("{provider} asks whether Baton may know who you are."),
        gettext_noop("You did not allow it, or broke the sign-in off."),
        gettext_noop("Sign in again and allow it."),
    ),
    Why.REFUSED: (
        400,
        gettext_noop("{provider} says who you are."),
        gettext_noop("It did not complete this sign-in."),
        gettext_noop("Sign in again. If it happens again, tell the administrator the number below."),
    ),
    Why.STATE: (
        400,
        gettext_noop("A sign-in begins on the page of Baton, and its answer counts once, within ten minutes."),
        gettext_noop("This answer belongs to none that was begun in this browser, or it came too late or twice."),
        gettext_noop("Begin again on the sign-in page."),
    ),
    Why.TOKEN: (
        400,
        gettext_noop("{provider} says who you are, signed and for Baton."),
        gettext_noop("What came cannot be trusted: {detail}."),
        gettext_noop("Sign in again. If it happens again, tell the administrator the number below."),
    ),
    Why.UNKNOWN: (
        403,
        gettext_noop("{provider} said who you are."),
        gettext_noop("Baton knows nobody with the {claim} that it has of you."),
        gettext_noop("Ask the administrator to add you with it, then sign in again."),
    ),
    Why.UNSAID: (
        403,
        gettext_noop("Baton recognises you by the {claim} that {provider} has of you."),
        gettext_noop("It gave none."),
        gettext_noop("Ask whoever runs {provider} to enter it there and to tell it to Baton."),
    ),
    Why.UNCONFIRMED: (
        403,
        gettext_noop("Baton recognises you by your e-mail, where {provider} has confirmed it."),
        gettext_noop("It has not confirmed yours."),
        gettext_noop("Confirm it there, or ask the administrator to link your account on your page."),
    ),
    Why.OTHER: (
        403,
        gettext_noop("A person signs in with one account of {provider}."),
        gettext_noop("The person whom Baton knows by your {claim} signs in with another one."),
        gettext_noop("Use that account, or ask the administrator to take it away on your page."),
    ),
    Why.UNLINKED: (
        403,
        gettext_noop("{provider} said who you are."),
        gettext_noop("An administrator has ended the sign-in with this account."),
        gettext_noop("Ask the administrator to link it again on your page."),
    ),
    Why.OFF: (
        403,
        gettext_noop("{provider} said who you are."),
        gettext_noop("Your account in Baton is switched off."),
        gettext_noop("Ask the administrator."),
    ),
}


class SignInRefused(Refused):
    """A sign-in at a provider that does not succeed. ``subject`` is the account there, where it is known for sure;
    ``person_id`` the public id of the person it means, where there is one."""

    def __init__(self, why: Why, *, provider: str, subject: str = "", person_id: str = "", **values: Any) -> None:
        self.why, self.subject, self.person_id = why, subject, person_id
        self.status, expected, found, remedy = _SAID[why]
        super().__init__(expected=expected, found=found, remedy=remedy, provider=provider, **values)
