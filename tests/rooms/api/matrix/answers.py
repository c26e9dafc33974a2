"""The parts of the matrix put together."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from django.db import transaction

from baton.core.api.door import FILE_TYPE
from tests.api import Program
from tests.rooms.api.matrix import parts
from tests.rooms.api.matrix.calls import Call
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import GUESTS
from tests.world import World

FILE = b"case,time,team\n1,2026-03-02T08:00:00Z,Ward 3\n1,2026-03-02T09:00:00Z,Laboratory\n"

PARTS: list[ModuleType] = [import_module(f"{parts.__name__}.{found.name}") for found in iter_modules(parts.__path__)]
READS: Reads = {name: who for part in PARTS for name, who in part.READS.items()}
WRITES: Writes = {name: who for part in PARTS for name, who in part.WRITES.items()}


def said_twice() -> list[str]:
    """Calls of which more than one part says who may."""
    names = [name for part in PARTS for name in (*part.READS, *part.WRITES)]
    return sorted({name for name in names if names.count(name) > 1})


def expected(call: Call, who: str) -> set[int]:
    """What the call is to be answered with; KeyError for a call of which no part says it."""
    if call.name in READS:
        may, others = READS[call.name]
        return {200} if who in may else {others.get(who, others[""])}
    may, sees, hidden = WRITES[call.name]
    if who in may:
        return {200, 201}
    return {403} if who in sees | GUESTS else {hidden}


@dataclass(frozen=True)
class Matrix:
    """All records that calls are about, in one test world."""

    made: list[Made]

    @classmethod
    def of(cls, world: World) -> Matrix:
        """The records of every part, each as it stands after all are made."""
        made = [part.made(world) for part in PARTS]
        return cls([one.refreshed() for one in made])

    def answer_to(self, call: Call, program: Program) -> Any:
        """The answer; what the call changed is taken back."""
        path, version = self._path(call)
        raw = next((made.files[call.name] for made in self.made if call.name in made.files), FILE)
        file: dict[str, Any] = {"raw": raw, "Content_Type": FILE_TYPE} if call.door.largest_file is not None else {}
        with transaction.atomic():
            answer = program.call(call.method, path, self._body(call, version), **file)
            transaction.set_rollback(True)
        return answer

    def _path(self, call: Call) -> tuple[str, int]:
        """The address, and the version of the record that the call changes (0 for none)."""
        record, path, query = self._record(call), call.path, ""
        version = 0
        if record is not None:
            path, version = path.replace("{slug:public_id}", record.public_id), record.changed_seq
        for made in self.made:
            for placeholder, text in made.texts.items():
                path = path.replace(placeholder, text)
            for placeholder, below in made.below.items():
                version = below.changed_seq if placeholder in path else version
                path = path.replace(placeholder, below.public_id)
            query = made.queries.get(call.name, query)
        return path + query, version

    def _record(self, call: Call) -> Any:
        """The record that the call is about."""
        first, second = (*call.path.strip("/").split("/"), "")[:2]
        by_name = {name: record for made in self.made for name, record in made.of_call.items()}
        own = {prefix: record for made in self.made for prefix, record in made.own.items()}
        return by_name.get(call.name) or own.get(f"{first}/{second}") or own.get(first)

    def _body(self, call: Call, version: int) -> Any:
        """What the call sends; None for nothing."""
        body = next((made.bodies[call.name] for made in self.made if call.name in made.bodies), None)
        if body is None:
            return None
        return {name: version if value is VERSION else value for name, value in body.items()}
