#!/usr/bin/env python3
"""Make the fonts that Baton sets documents in: Noto Sans SC, regular and bold, cut down to what is written here.

    python3 scripts/fonts.py           fetch the fonts and the list of characters, cut, write sums and characters
    python3 scripts/fonts.py --check   compare the files with fonts.lock.json; needs no network

Kept are Latin, Greek, punctuation and signs of Chinese typesetting, GB 2312 and the 8,105 characters of the table of
general standard Chinese characters (通用规范汉字表, 2013; property kTGH of Unihan), with which names of people and
places are written: 3 MB a face instead of 10. A character that is missing stands in a document as its code; see
baton.core.pdf.characters.

Needs npm, Debian's apt-get and fontTools on the developer's machine. The fonts are under the SIL Open Font License 1.1,
which allows this and asks that its text goes with them.
"""

from __future__ import annotations

import argparse
import bz2
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src" / "baton" / "core" / "pdf" / "fonts"
LOCK = TARGET / "fonts.lock.json"
CHARACTERS = TARGET / "characters.txt"
FONTS = ("@expo-google-fonts/noto-sans-sc", "0.4.3")
FACES = {"NotoSansSC-Regular.ttf": "400Regular/NotoSansSC_400Regular.ttf",
         "NotoSansSC-Bold.ttf": "700Bold/NotoSansSC_700Bold.ttf"}  # fmt: skip
LICENCE = "LICENSE_FONT"
UNIHAN = "unicode-data"
"""Debian's package of Unicode data."""
MAPPINGS = "./usr/share/unicode/Unihan_OtherMappings.txt.bz2"
BLOCKS = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x36F), (0x370, 0x3FF), (0x1E00, 0x1EFF), (0x2000, 0x206F), (0x2070, 0x209F),
    (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2150, 0x218F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2300, 0x23FF),
    (0x2460, 0x24FF), (0x2500, 0x257F), (0x25A0, 0x25FF), (0x2600, 0x27BF), (0x3000, 0x303F), (0x3100, 0x312F),
    (0x3200, 0x33FF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF),
)  # fmt: skip
"""Blocks of which the fonts keep what they have, beside the Chinese characters."""


def wanted(folder: Path) -> set[int]:
    """The code points to keep."""
    points = {point for first, last in BLOCKS for point in range(first, last + 1)}
    points |= {ord(character) for character in _gb2312()}
    standard = set(_standard(folder))
    if len(standard) != 8105:
        raise SystemExit(f"Unihan names {len(standard)} standard characters, not 8,105: see what it ships.")
    return points | standard


def _gb2312() -> Iterator[str]:
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                yield bytes([row, cell]).decode("gb2312")
            except UnicodeDecodeError:
                continue


def _standard(folder: Path) -> Iterator[int]:
    subprocess.run(["apt-get", "download", "--quiet", UNIHAN], check=True, cwd=folder, stdout=subprocess.DEVNULL)
    package = next(folder.glob(f"{UNIHAN}_*.deb"))
    opened = subprocess.run(["dpkg-deb", "--fsys-tarfile", package], check=True, stdout=subprocess.PIPE).stdout
    with tarfile.open(fileobj=io.BytesIO(opened)) as tar:
        table = tar.extractfile(MAPPINGS)
        lines = bz2.decompress(table.read() if table else b"").decode().splitlines()
    for line in lines:
        point, _tab, said = line.partition("\tkTGH\t")
        if said:
            yield int(point.removeprefix("U+"), 16)


def fetch() -> None:
    """Fetch, cut and write everything."""
    from fontTools import subset  # type: ignore[import-untyped]
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        points = wanted(folder)
        name, version = FONTS
        command = ["npm", "pack", "--json", "--pack-destination", str(folder), f"{name}@{version}"]
        answer = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        entry = answer[0] if isinstance(answer, list) else next(iter(answer.values()))
        with tarfile.open(folder / entry["filename"].replace("@", "").replace("/", "-")) as tar:
            for face, place in FACES.items():
                tar.extract(f"package/{place}", folder, filter="data")
                font = TTFont(folder / "package" / place)
                options = subset.Options(
                    layout_features=["kern", "mark", "mkmk", "ccmp", "locl", "liga", "palt", "halt"], hinting=False,
                    name_IDs=["*"], notdef_outline=True,
                )  # fmt: skip
                cut = subset.Subsetter(options)
                cut.populate(unicodes=points)
                cut.subset(font)
                # The time of cutting is not the time of the design; without it the same input gives the same bytes.
                font["head"].modified = font["head"].created
                font.recalcTimestamp = False
                font.save(TARGET / face)
            opened = tar.extractfile(f"package/{LICENCE}")
            (TARGET / "OFL.txt").write_bytes(opened.read() if opened else b"")
        CHARACTERS.write_text("".join(f"{line}\n" for line in ranges(held())), "ascii")
    sums = {path.name: sha256(path) for path in sorted(TARGET.iterdir()) if path != LOCK}
    lock = {"fonts": {name: {"version": version, "integrity": entry["integrity"]}}, "sha256": sums}
    LOCK.write_text(json.dumps(lock, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def held() -> set[int]:
    """The code points that every face has."""
    from fontTools.ttLib import TTFont

    return set.intersection(*(set(TTFont(TARGET / face).getBestCmap()) for face in FACES))


def ranges(points: Iterable[int]) -> Iterator[str]:
    """``4E00-4E03`` for every run of code points, ``4E05`` for one alone."""
    first = last = -2
    for point in sorted(points):
        if point != last + 1:
            if first >= 0:
                yield _range(first, last)
            first = point
        last = point
    if first >= 0:
        yield _range(first, last)


def _range(first: int, last: int) -> str:
    return f"{first:04X}" if first == last else f"{first:04X}-{last:04X}"


def differences() -> list[str]:
    """What differs between the files on disk and the list of sums, one sentence each; empty when all is well."""
    expected: dict[str, str] = json.loads(LOCK.read_text(encoding="utf-8"))["sha256"]
    present = {path.name for path in TARGET.iterdir() if path.is_file()} - {LOCK.name}
    found = [f"{name} is not in {LOCK.name}" for name in sorted(present - expected.keys())]
    found += [f"{name} is missing" for name in sorted(expected.keys() - present)]
    return found + [f"{name} was changed" for name in sorted(present & expected.keys())
                    if sha256(TARGET / name) != expected[name]]  # fmt: skip


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    """Make or check; 1 when the check finds a difference."""
    parser = argparse.ArgumentParser(description="Make or check the fonts that Baton ships.")
    parser.add_argument("--check", action="store_true", help="compare the files with fonts.lock.json; no network")
    if not parser.parse_args().check:
        fetch()
        return 0
    found = differences()
    for sentence in found:
        print(f"{sentence}: run `python3 scripts/fonts.py` and look at what changed.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
