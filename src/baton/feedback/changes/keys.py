"""Keys of open waves: files in a folder of their own, outside the data folder and outside every backup.

Each holds the private key that opens the urn and the key of the envelopes. It is destroyed when the wave closes.
Whoever restores a backup has no key of the waves that were open then: their answers are lost, as was promised.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from baton.core.errors import Refused
from baton.feedback.models import Wave
from baton.feedback.rules.sealing import envelope_key, new_key
from baton_analysis.errors import gettext_noop


@dataclass(frozen=True, slots=True)
class WaveKeys:
    """Of one wave: the private key of its urn and the key of its envelopes, 32 bytes each."""

    urn: bytes
    envelopes: bytes


def folder() -> Path:
    """Where the keys lie; made when it is not there."""
    data = Path(settings.DATA_DIR)
    place = Path(settings.SURVEY_KEYS) if settings.SURVEY_KEYS else data.with_name(f"{data.name}-survey-keys")
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as refused:
        raise Refused(
            expected=gettext_noop("Keys of surveys lie in {path} (BATON_SURVEY_KEYS), where Baton may write."),
            found=gettext_noop("The folder cannot be made."),
            remedy=gettext_noop("Make it for the user under whom Baton runs, or name another one."),
            path=place,
        ) from refused
    return place


def make_keys(wave: Wave) -> WaveKeys:
    """New keys of a wave, on the disk before this returns. Called again before the wave is open, it makes others."""
    keys = WaveKeys(new_key(), envelope_key())
    file = _file(wave)
    made = file.with_suffix(f".{secrets.token_hex(8)}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump({"urn": keys.urn.hex(), "envelopes": keys.envelopes.hex()}, out)
        out.flush()
        os.fsync(out.fileno())
    made.replace(file)
    _settle(file.parent)
    return keys


def keys_of(wave: Wave) -> WaveKeys | None:
    """The keys of a wave; None where they are lost."""
    try:
        kept = json.loads(_file(wave).read_text())
        return WaveKeys(bytes.fromhex(kept["urn"]), bytes.fromhex(kept["envelopes"]))
    except (OSError, ValueError, KeyError):
        return None


def destroy_keys(wave: Wave) -> None:
    """Overwrite the file and remove it. Without effect where there is none."""
    file = _file(wave)
    try:
        with file.open("r+b") as out:
            out.write(secrets.token_bytes(file.stat().st_size))
            out.flush()
            os.fsync(out.fileno())
        file.unlink()
    except FileNotFoundError:
        return
    _settle(file.parent)


def kept_keys() -> list[str]:
    """Public ids of the waves whose keys lie in the folder."""
    return sorted(file.stem.removeprefix("wave-") for file in folder().glob("wave-*.key"))


def _file(wave: Wave) -> Path:
    return folder() / f"wave-{wave.public_id}.key"


def _settle(place: Path) -> None:
    """Make sure that a name that was given or taken in the folder outlasts a power failure."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
