"""What programs read and write."""

from __future__ import annotations

from typing import Any

from baton.core.registries.registry import Registry

# What tokens of the API may be used for (``chain:read``), with the words for people.
api_scopes: Registry[Any] = Registry("scope of the API")
# Routers of the API (ninja.Router) by the path under which they stand, such as ``parties``; "" for the top. Given by
# name, such as ``baton.chain.api.parties.router``, so that commands that answer no call do not load the API.
api_routers: Registry[Any] = Registry("router of the API")
