"""The calls of the API, read from the API itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from baton.core import registries
from baton.core.api import service
from baton.core.api.door import ANY_SCOPE, Door


@dataclass(frozen=True)
class Call:
    """One call: ``name`` is the name of its function."""

    name: str
    method: str
    path: str
    door: Any


def calls() -> list[Call]:
    """All calls, in the order of their names."""
    found = []
    for bound in service.api()._get_bound_routers():
        for path, view in bound.path_operations.items():
            for operation in view.operations:
                door = next(iter(operation.auth_callbacks), None)
                for method in operation.methods:
                    full = re.sub("/+", "/", f"/{bound.prefix}/{path}").rstrip("/")
                    found.append(Call(operation.view_func.__name__, method, full, door))
    return sorted(found, key=lambda call: call.name)


def undecided(found: list[Call]) -> list[str]:
    """Calls that do not pass the door, or whose scope nobody has declared."""
    known = {ANY_SCOPE, *(name for name, _words in registries.api_scopes)}
    return [call.name for call in found if not isinstance(call.door, Door) or call.door.scope not in known]
