"""Steps between who somebody is and being signed in."""

from __future__ import annotations

from typing import Any

from allauth.mfa.stages import AuthenticateStage

ASK = "ask"
"""Key in what a sign-in at a provider carries along: whether Baton asks for its own second factor."""


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]
    """The second factor, of those who have set one up; after a provider's sign-in only where its settings say so."""

    def handle(self) -> tuple[Any, bool]:
        outside = (self.login.signal_kwargs or {}).get("sociallogin")
        if outside is not None and not outside.account.extra_data.get(ASK, True):
            return None, True
        found: tuple[Any, bool] = super().handle()
        return found
