#!/usr/bin/env python3
"""Fetch the browser libraries that Baton ships, and say with a list of SHA-256 sums what they are.

The pages load their scripts and style sheets from ``src/baton/core/static/vendor`` and from nowhere else, so that a
hospital without internet sees the same page as everybody. This script is the only way files get there:

    python3 scripts/vendor.py           fetch every package with ``npm pack`` and write the files and assets.lock.json
    python3 scripts/vendor.py --check   compare the files on disk with assets.lock.json; needs no network and no npm

npm is needed on the developer's machine only; nothing is built or installed, an archive is unpacked and picked from.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "baton" / "core" / "static" / "vendor"
LOCK = TARGET / "assets.lock.json"

# Django's manifest storage follows these comments and fails on a map that is not there; the maps are three times the
# size of the files and only help to debug the libraries themselves.
SOURCE_MAP = re.compile(rb"\s*(?://[#@] sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$")


@dataclass(frozen=True)
class Package:
    """One npm package: which version, and which of its files go where below the vendor folder."""

    name: str
    version: str
    files: dict[str, str]


# Lucide's icons by name: `{% icon "name" %}` draws these and refuses every other name.
ICONS = (
    "house users user user-plus user-round building-2 network workflow map waypoints route arrow-right arrow-left "
    "arrow-up arrow-down arrow-up-right arrow-left-right arrow-up-down chevron-right chevron-left chevron-down "
    "chevron-up chevrons-up-down check x plus minus pencil search list-filter settings bell bell-off log-out "
    "log-in languages sun moon monitor menu ellipsis circle-check triangle-alert octagon-x circle-x "
    "circle-question-mark info circle-alert shield shield-check shield-alert lock lock-open key-round upload "
    "download file file-text file-spreadsheet file-up chart-line chart-column chart-spline activity gauge clock "
    "calendar history table list layout-grid layout-dashboard handshake link unlink split merge inbox mail "
    "message-square send tag flag eye eye-off copy printer refresh-cw rotate-ccw undo-2 loader-circle play pause "
    "database hard-drive package truck factory hospital flask-conical hotel school stethoscope external-link "
    "qr-code smartphone maximize zoom-in zoom-out scan star heart lightbulb sprout target ruler scale book-open "
    "circle circle-dot dot sliders-horizontal wrench clipboard-list clipboard-check list-checks hash percent "
    "sigma git-compare-arrows archive ban circle-slash user-check user-x user-cog id-card repeat timer hourglass "
    "telescope briefcase globe contact fingerprint corner-down-right "
)

PACKAGES = (
    Package(
        "bootstrap",
        "5.3.8",
        {
            "dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css",
            "dist/js/bootstrap.bundle.min.js": "bootstrap/bootstrap.bundle.min.js",
            "LICENSE": "bootstrap/LICENSE",
        },
    ),
    # Part of bootstrap.bundle.min.js: only its licence is taken.
    Package("@popperjs/core", "2.11.8", {"LICENSE.md": "bootstrap/LICENSE-popper"}),
    Package("htmx.org", "2.0.11", {"dist/htmx.min.js": "htmx/htmx.min.js", "LICENSE": "htmx/LICENSE"}),
    Package(
        "echarts",
        "6.1.0",
        {
            "dist/echarts.min.js": "echarts/echarts.min.js",
            "LICENSE": "echarts/LICENSE",
            "NOTICE": "echarts/NOTICE",
            "licenses/LICENSE-d3": "echarts/LICENSE-d3",
        },
    ),
    # Part of echarts.min.js: only its licence is taken.
    Package("zrender", "6.1.0", {"LICENSE": "echarts/LICENSE-zrender"}),
    Package(
        "cytoscape",
        "3.34.4",
        {"dist/cytoscape.min.js": "cytoscape/cytoscape.min.js", "LICENSE": "cytoscape/LICENSE"},
    ),
    Package(
        "cytoscape-dagre",
        "4.0.1",
        {
            "dist/cytoscape-dagre.min.js": "cytoscape-dagre/cytoscape-dagre.min.js",
            "LICENSE": "cytoscape-dagre/LICENSE",
        },
    ),
    Package(
        "lucide-static",
        "1.62.0",
        {"LICENSE": "lucide/LICENSE"} | {f"icons/{name}.svg": f"lucide/{name}.svg" for name in ICONS.split()},
    ),
    # Bundled in cytoscape-dagre.min.js: only its licence is taken.
    Package("@dagrejs/dagre", "3.0.0", {"LICENSE": "cytoscape-dagre/LICENSE-dagre"}),
)


def pack(package: Package, folder: Path) -> tuple[Path, str]:
    """Download the package's archive into ``folder``; its path and npm's integrity text (sha512, base64)."""
    command = ["npm", "pack", "--json", "--pack-destination", str(folder), f"{package.name}@{package.version}"]
    answer = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    # npm before 12 prints a list, npm 12 an object by package name.
    entry = answer[0] if isinstance(answer, list) else next(iter(answer.values()))
    return folder / entry["filename"].replace("@", "").replace("/", "-"), entry["integrity"]


def read_members(archive: Path, wanted: list[str]) -> dict[str, bytes]:
    """The contents of the wanted files of an npm archive, by their path inside the package."""
    contents: dict[str, bytes] = {}
    with tarfile.open(archive) as tar:
        for name in wanted:
            member = tar.extractfile(f"package/{name}")
            if member is None:
                raise SystemExit(f"{archive.name} has no file {name}: see what the new version ships.")
            contents[name] = member.read()
    return contents


def fetch() -> None:
    """Replace the vendor folder by what the listed packages ship, and write the list of sums."""
    if shutil.which("npm") is None:
        raise SystemExit(
            "npm was not found; it is needed to fetch the browser libraries (Debian: apt-get install npm)."
        )
    packages: dict[str, object] = {}
    files: dict[str, str] = {}
    shutil.rmtree(TARGET, ignore_errors=True)
    with tempfile.TemporaryDirectory() as temporary:
        for package in PACKAGES:
            archive, integrity = pack(package, Path(temporary))
            contents = read_members(archive, list(package.files))
            for inside, outside in package.files.items():
                path = TARGET / outside
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(SOURCE_MAP.sub(b"\n", contents[inside]))
                files[outside] = sha256(path)
            packages[package.name] = {"version": package.version, "integrity": integrity}
            print(f"{package.name} {package.version}: {len(package.files)} files")
    lock = {"packages": packages, "sha256": dict(sorted(files.items()))}
    LOCK.write_text(json.dumps(lock, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def differences() -> list[str]:
    """What differs between the files on disk and the list of sums, one sentence each; empty when all is well."""
    expected: dict[str, str] = json.loads(LOCK.read_text(encoding="utf-8"))["sha256"]
    present = {path.relative_to(TARGET).as_posix() for path in TARGET.rglob("*") if path.is_file()} - {LOCK.name}
    found = [f"{name} is not in {LOCK.name}" for name in sorted(present - expected.keys())]
    found += [f"{name} is missing" for name in sorted(expected.keys() - present)]
    found += [
        f"{name} was changed" for name in sorted(present & expected.keys()) if sha256(TARGET / name) != expected[name]
    ]
    return found


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    """Fetch or check; 1 when the check finds a difference."""
    parser = argparse.ArgumentParser(description="Fetch or check the browser libraries that Baton ships.")
    parser.add_argument("--check", action="store_true", help="compare the files with assets.lock.json; no network")
    if not parser.parse_args().check:
        fetch()
        return 0
    found = differences()
    for sentence in found:
        print(f"{sentence}: run `python3 scripts/vendor.py` and look at what changed.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
