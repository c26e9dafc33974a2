"""Keys of talks in confidence: files beside those of surveys, outside the data folder and outside every backup.

Each talk has one of its own, which is destroyed when the talk is deleted: then no copy of the database, however old,
opens it any more. One more key makes the marks by which people find their talks.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from nacl.secret import SecretBox

from baton.feedback.changes.keys import folder, reached, settle

_TALK, _INDEX = "talk-", "talks-index.key"
LEFT_BEHIND = timedelta(hours=1)
"""A key of no talk is older than this before it counts as left behind by a crash."""


def make_talk_key(talk: str) -> bytes:
    """A new key of 32 bytes for a talk, on the disk before this returns. KeysUnreachable where it cannot be kept."""
    return _kept_once(_file(talk))


def talk_key(talk: str) -> bytes | None:
    """The key of a talk; None where it is lost. KeysUnreachable where that cannot be told."""
    return _read(_file(talk))


def index_key() -> bytes | None:
    """The key of the marks; None where it is lost. KeysUnreachable where that cannot be told."""
    return _read(folder() / _INDEX)


def made_index_key() -> bytes:
    """The same, made where there is none."""
    file = folder() / _INDEX
    return (_read(file) if file.parent.is_dir() else None) or _kept_once(file)


def destroy_talk_key(talk: str) -> None:
    """Overwrite the key of a talk and remove it; without effect where there is none."""
    with reached(), suppress(FileNotFoundError):
        file = _file(talk)
        with file.open("r+b") as out:
            out.write(secrets.token_bytes(SecretBox.KEY_SIZE))
            out.flush()
            os.fsync(out.fileno())
        file.unlink()
        settle(file.parent)


def keys_left_behind(at: datetime) -> list[str]:
    """Keys (of talks) in the folder that were made some time ago. Which of them belong to no talk, the caller knows."""
    with reached():
        try:
            files = [file for file in folder().iterdir() if file.name.startswith(_TALK)]
        except FileNotFoundError:
            return []
        before = (at - LEFT_BEHIND).timestamp()
        return sorted(file.stem.removeprefix(_TALK) for file in files if file.stat().st_ctime < before)


def _file(talk: str) -> Path:
    return folder() / f"{_TALK}{talk}.key"


def _read(file: Path) -> bytes | None:
    with reached():
        try:
            found = file.read_bytes()
        except FileNotFoundError:
            file.parent.stat()
            return None
    return found if len(found) == SecretBox.KEY_SIZE else None


def _kept_once(file: Path) -> bytes:
    """A new key in this file, or the one that somebody else was faster to put there."""
    key = secrets.token_bytes(SecretBox.KEY_SIZE)
    made = file.with_suffix(f".{secrets.token_hex(8)}")
    with reached():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as out:
                out.write(key)
                out.flush()
                os.fsync(out.fileno())
            # The time of the file says nothing of when a talk began.
            os.utime(made, (0, 0))
            try:
                os.link(made, file)
            except FileExistsError:
                key = file.read_bytes()  # somebody else was faster
            settle(file.parent)
        finally:
            made.unlink(missing_ok=True)
    return key
