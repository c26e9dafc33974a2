"""What an archive looks like: a tar file with a manifest that names every file, its size and its SHA-256."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from baton.core.backup import working
from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database"
# Of the data folder: what can be made again, or must not travel.
LEFT_OUT = ("backups", "facts", "secret_key", "static")
_CHUNK = 1 << 20


class DamagedArchive(Refused):
    """The archive is not one of Baton's, incomplete, or its contents are not those that were written."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive holds.

    ``vendor`` is sqlite or postgresql; ``counts`` gives the rows of each table; ``head_seq`` and ``head_hash`` the last
    entry of the audit trail (0 and empty for an empty one); ``files`` maps the name in the archive to
    ``{"size": bytes, "sha256": hexadecimal}``.
    """

    vendor: str
    version: str
    counts: dict[str, int]
    head_seq: int
    head_hash: str
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    left_out: tuple[str, ...] = LEFT_OUT
    format: int = FORMAT


def sealed(said: dict[str, Any]) -> dict[str, Any]:
    """A manifest with its own sum, so that a flipped bit in it is found before anything is replaced."""
    rest = json.loads(json.dumps({key: value for key, value in said.items() if key != "sum"}))
    return {**rest, "sum": hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()}


def data_files(data: Path, databases: set[Path]) -> Iterator[Path]:
    """Files of the data folder that belong into a backup, in the order of their names."""
    for file in sorted(data.rglob("*")):
        first = file.relative_to(data).parts[0]
        if first in LEFT_OUT or first.startswith(working.PREFIX) or file.suffix == ".log":
            continue
        if not file.is_file() or file.is_symlink():
            continue
        if any(str(file).startswith(str(database)) for database in databases):
            continue  # the database itself, its log, its lock
        yield file


def sha256_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


class TargetExists(Refused):
    """There is a file of the target's name, which a backup does not overwrite unasked."""

    def __init__(self, target: Path) -> None:
        super().__init__(
            expected=gettext_noop("A backup is written to a name that is free."),
            found=gettext_noop("There is “{file}” already, which may be a backup that is still needed."),
            remedy=gettext_noop("Choose another name, or add --replace to put the new backup in its place."),
            file=str(target),
        )


def write(
    target: Path, manifest: Manifest, files: dict[str, Path], *, replace: bool = False, within: Path | None = None
) -> None:
    """Write the archive under a random name in ``within`` (a folder of the same file system; by itself the target's),
    and put it in place when it is whole and on the disk.

    Raises :class:`TargetExists` for a target that is there, also one that came into being meanwhile, unless
    ``replace``; until the new archive is whole the old one stays.
    """
    descriptor, name = tempfile.mkstemp(prefix=working.PREFIX, suffix=".partial", dir=within or target.parent)
    partial = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as out:
            with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
                text = json.dumps(sealed(asdict(manifest)), indent=2, sort_keys=True).encode()
                header = tarfile.TarInfo(MANIFEST)
                header.size = len(text)
                tar.addfile(header, io.BytesIO(text))
                for name, file in files.items():
                    tar.add(file, name, recursive=False)
            out.flush()
            os.fsync(out.fileno())
        if replace:
            partial.replace(target)
        else:
            _put_in_a_free_place(partial, target)
        _sync_folder(target.parent)
    finally:
        partial.unlink(missing_ok=True)


def _put_in_a_free_place(partial: Path, target: Path) -> None:
    try:
        os.link(partial, target)  # unlike a rename it fails where there is a file
    except FileExistsError:
        raise TargetExists(target) from None
    except OSError:  # a file system without hard links, such as that of a memory stick
        if target.exists():
            raise TargetExists(target) from None
        partial.rename(target)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def unpack(archive: Path, into: Path) -> Manifest:
    """Unpack ``archive`` into the empty folder ``into``; every file has the size and sum that the manifest says.

    Nothing else is unpacked, and nothing outside ``into`` is written. Raises :class:`DamagedArchive`.
    """
    try:
        with tarfile.open(archive, mode="r:") as tar:
            manifest = _read_manifest(tar)
            for name, said in manifest.files.items():
                _unpack_one(tar, name, said, into)
    except (tarfile.TarError, KeyError, TypeError, ValueError, EOFError) as wrong:
        raise _damaged(archive, str(wrong)) from wrong
    return manifest


def _read_manifest(tar: tarfile.TarFile) -> Manifest:
    first = tar.next()
    opened = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
    if opened is None:
        raise ValueError("no manifest")
    said = json.loads(opened.read(64 * _CHUNK))
    if said.get("format") != FORMAT:
        raise ValueError(f"format {said.get('format')}")
    if sealed(said) != said:
        raise ValueError(MANIFEST)
    del said["sum"]
    return Manifest(**{**said, "left_out": tuple(said["left_out"])})


def _unpack_one(tar: tarfile.TarFile, name: str, said: dict[str, Any], into: Path) -> None:
    target = (into / name).resolve()
    opened = tar.extractfile(name)
    if not target.is_relative_to(into.resolve()) or opened is None:
        raise ValueError(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened, target.open("wb") as out:
        shutil.copyfileobj(opened, out, _CHUNK)
    if target.stat().st_size != said["size"] or sha256_of(target) != said["sha256"]:
        raise ValueError(name)


def _damaged(archive: Path, detail: str) -> DamagedArchive:
    return DamagedArchive(
        expected=gettext_noop("The archive must be one that `baton backup` wrote, whole and unchanged."),
        found=gettext_noop("{file} is not, or no longer ({detail})."),
        remedy=gettext_noop("Use another backup. Nothing was changed."),
        file=archive.name,
        detail=detail,
    )
