"""Keys of open waves: files in a folder of their own, outside the data folder and outside every backup.

Each holds the private key that opens the urn and the key of the envelopes. It is destroyed when the wave closes.
Whoever restores a backup has no key of the waves that were open then: their answers are lost, as was promised.

A key that cannot be read at the moment (the disk is not there, the right to read it was taken away) is not a lost one:
:class:`KeysUnreachable` keeps the urn as it is until the folder can be read again.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from baton.core.errors import Refused
from baton.feedback.models import Wave
from baton.feedback.rules.sealing import envelope_key, new_key, public_key
from baton_analysis.errors import gettext_noop

_PREFIX = "wave-"


@dataclass(frozen=True, slots=True)
class WaveKeys:
    """Of one wave: the private key of its urn and the key of its envelopes, 32 bytes each."""

    urn: bytes
    envelopes: bytes


class KeysUnreachable(Refused):
    """The folder of the keys cannot be used: it is not there, not Baton's, full, or the disk fails."""

    def __init__(self, place: Path, error: OSError) -> None:
        super().__init__(
            expected=gettext_noop("Keys of surveys lie in {path} (BATON_SURVEY_KEYS), where Baton may read and write."),
            found=gettext_noop("The operating system refused it with the error {code}."),
            remedy=gettext_noop(
                "Let whoever runs the server see that the folder is there, that it belongs to the user under whom "
                "Baton runs, and that its disk has room; then try again. Nothing was lost."
            ),
            path=place,
            code=errno.errorcode.get(error.errno or 0, type(error).__name__),
        )


def folder() -> Path:
    """Where the keys lie."""
    data = Path(settings.DATA_DIR)
    return Path(settings.SURVEY_KEYS) if settings.SURVEY_KEYS else data.with_name(f"{data.name}-survey-keys")


def make_keys(wave: Wave) -> WaveKeys:
    """New keys of a wave, on the disk before this returns. Called again before the wave is open, it makes others.

    Raises KeysUnreachable where they cannot be kept.
    """
    keys = WaveKeys(new_key(), envelope_key())
    file = _file(wave)
    made = file.with_suffix(f".{secrets.token_hex(8)}")
    with reached():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as out:
                json.dump({"urn": keys.urn.hex(), "envelopes": keys.envelopes.hex()}, out)
                out.flush()
                os.fsync(out.fileno())
            made.replace(file)
            settle(file.parent)
        except BaseException:
            made.unlink(missing_ok=True)
            raise
    return keys


def keys_of(wave: Wave) -> WaveKeys | None:
    """The keys of a wave; None where they are lost: the folder is there and they are not in it, or they are others.

    Raises KeysUnreachable where that cannot be told.
    """
    file = _file(wave)
    with reached():
        try:
            kept = json.loads(file.read_text())
            keys = WaveKeys(bytes.fromhex(kept["urn"]), bytes.fromhex(kept["envelopes"]))
        except FileNotFoundError:
            file.parent.stat()
            return None
        except (ValueError, KeyError, TypeError):
            return None
    return keys if len(keys.urn) == 32 and public_key(keys.urn).hex() == wave.public_key else None


def destroy_keys(wave: Wave) -> None:
    """Overwrite what there is of the wave's keys and remove it. Without effect where there is nothing."""
    with reached():
        for file in _kept():
            if file.stem != _file(wave).stem:
                continue
            with suppress(FileNotFoundError):
                with file.open("r+b") as out:
                    out.write(secrets.token_bytes(file.stat().st_size))
                    out.flush()
                    os.fsync(out.fileno())
                file.unlink()
            settle(file.parent)


def kept_keys() -> list[str]:
    """Public ids of the waves of which there are keys in the folder."""
    with reached():
        return sorted({file.stem.removeprefix(_PREFIX) for file in _kept()})


def _kept() -> list[Path]:
    """The files of keys, also those that a crash has left half made; none where nothing was ever kept."""
    try:
        return sorted(file for file in folder().iterdir() if file.name.startswith(_PREFIX))
    except FileNotFoundError:
        return []


def _file(wave: Wave) -> Path:
    return folder() / f"{_PREFIX}{wave.public_id}.key"


@contextmanager
def reached() -> Iterator[None]:
    """What the operating system refuses is said in words."""
    try:
        yield
    except OSError as error:
        raise KeysUnreachable(folder(), error) from error


def settle(place: Path) -> None:
    """Make sure that a name that was given or taken in the folder outlasts a power failure."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
