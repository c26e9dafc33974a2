#!/usr/bin/env python3
"""Start Baton, or test it, on a machine that has nothing but Python.

    python3 run.py                    set up, migrate, load the demonstration, start web server and worker
    python3 run.py setup              set up only
    python3 run.py test               set up for development, run every check and every test
    python3 run.py test ARGUMENTS     only pytest, with these arguments
    python3 run.py COMMAND ...        any command of the console script: discover, verify, backup, people, --help ...

Settings are environment variables; PORT (8000) and BATON_DATA (the folder `data` beside this file) are the usual ones.
Exit codes: 0 done, 1 refused or found wanting, 2 wrong use, 3 not started (bad setting, port in use); test: pytest's.
Only the standard library is used here, and only syntax that older Pythons can read, so that they can be told so. What
it says where it cannot go on stands in run_words.py.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

from run_words import CHINESE, NO_PACKAGES, NO_PORT, NO_POSIX, NO_VENV, OLD_PYTHON, PORT_TAKEN, REFUSED

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "baton-setup.json"
OLDEST = (3, 11)
NEWEST_TRIED = 14
# As of `baton serve`: bad settings, no secret key, a database that does not fit, a port in use.
NOT_STARTED = 3

# What every process that this script starts gets, unless the caller has said otherwise.
DEFAULTS = {"BATON_DATA": str(ROOT / "data"), "BATON_DEMO": "yes", "DJANGO_SETTINGS_MODULE": "baton.config.settings"}


def say(text: str) -> None:
    """Print at once, in order with what the child processes print."""
    print(text, flush=True)


def stop_with(text: str, code: int = 1, **values: object) -> NoReturn:
    """End with a message for a person, in the language of the terminal where CHINESE has it."""
    said = CHINESE.get(text, text) if in_chinese() else text
    print(said.format(**values), file=sys.stderr, flush=True)
    raise SystemExit(code)


def in_chinese() -> bool:
    """Whether LC_ALL, LC_MESSAGES or LANG asks for Chinese, as the commands of Baton read them."""
    named = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    return next(filter(None, named), "").lower().startswith("zh")


# Set-up ---------------------------------------------------------------------------------------------------------------


def use_a_python_that_is_new_enough() -> None:
    """Go on in a newer Python where this one is too old and another is installed; else say what is needed."""
    if os.name != "posix":
        stop_with(NO_POSIX)
    if sys.version_info >= OLDEST:
        return
    for minor in range(NEWEST_TRIED, OLDEST[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])
    stop_with(OLD_PYTHON, version=f"{sys.version_info[0]}.{sys.version_info[1]}")


def set_up(*, development: bool) -> None:
    """Make .venv and install the hashed requirements into it, unless that has been done for these very files."""
    requirements = ROOT / ("requirements-dev.txt" if development else "requirements.txt")
    with one_at_a_time():
        stamps = read_stamps()
        if stamps.get(requirements.name) == stamp_of(requirements) and runs(PYTHON):
            return
        if not runs(PYTHON):
            make_venv()
            stamps = {}
        say(f"Installing {requirements.name} into .venv ...")
        started = time.monotonic()
        install(requirements)
        put_project_on_path()
        stamps[requirements.name] = stamp_of(requirements)
        if development:  # It holds all of the other file, too.
            stamps["requirements.txt"] = stamp_of(ROOT / "requirements.txt")
        STAMP.write_text(json.dumps(stamps))
        say(f"Installed in {time.monotonic() - started:.1f} s.")


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two set-ups of one folder wait for each other."""
    import fcntl

    with (ROOT / "run.py").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def read_stamps() -> dict[str, str]:
    """What has been installed: the stamp of each requirements file by its name."""
    try:
        stamps = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def stamp_of(requirements: Path) -> str:
    """A digest that changes with the requirements, the place of the repository and the version of Python."""
    digest = hashlib.sha256(requirements.read_bytes())
    digest.update(f"{ROOT}\n{sys.version_info[:2]}".encode())
    return digest.hexdigest()


def runs(python: Path) -> bool:
    """Whether this Python can be started (a system upgrade can leave a .venv without its Python)."""
    try:
        return subprocess.run([str(python), "-c", ""], stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    """A fresh .venv with pip."""
    code = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)]).returncode
    if code != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        stop_with(NO_VENV)


def install(requirements: Path) -> None:
    """Install with uv, which is fast; with pip where uv cannot be had or does not get through."""
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes"]
    pip = [str(PYTHON), "-m", "pip", "install", *quiet, "--requirement"]
    uv = VENV / "bin" / "uv"
    has_uv = subprocess.run([*pip, str(ROOT / "requirements-setup.txt")]).returncode == 0 and uv.exists()
    if has_uv:
        command = [str(uv), "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes"]
        command += ["--requirement", str(requirements)]
        if subprocess.run(command, env=uv_environment()).returncode == 0:
            return
        say("uv could not install the packages; trying pip ...")
    if subprocess.run([*pip, str(requirements)]).returncode != 0:
        stop_with(NO_PACKAGES, file=requirements.name)


def uv_environment() -> dict[str, str]:
    """The environment for uv: the system's certificates, the index that pip is configured with, a usable cache."""
    environment = dict(os.environ, UV_SYSTEM_CERTS="1")
    environment.pop("VIRTUAL_ENV", None)
    index = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "get", "global.index-url"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    configured = os.environ.get("PIP_INDEX_URL") or index.stdout.decode().strip()
    if configured:
        environment.setdefault("UV_DEFAULT_INDEX", configured)
    home = os.path.expanduser("~")
    if not (os.path.isdir(home) and os.access(home, os.W_OK)):
        environment["UV_NO_CACHE"] = "1"
    return environment


def put_project_on_path() -> None:
    """Make the two packages importable and write the console script; a build of the project would need the network."""
    site = subprocess.run(
        [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        stdout=subprocess.PIPE,
        check=True,
    )
    (Path(site.stdout.decode().strip()) / "baton-source.pth").write_text(f"{ROOT / 'src'}\n")
    script = VENV / "bin" / "baton"
    # The shell finds Python beside the script, whatever the length of the path or the blanks in it.
    script.write_text(
        "#!/bin/sh\n"
        '\'\'\'exec\' "$(dirname "$0")/python" "$0" "$@" #\'\'\'\n'
        "from baton.config.cli import main\n\nraise SystemExit(main())\n"
    )
    script.chmod(0o755)


# Start ----------------------------------------------------------------------------------------------------------------


def environment() -> dict[str, str]:
    """The environment of Baton's own processes.

    They keep their bytecode in the project's own folder whatever the caller's setting: without it each process would
    take a second to compile what it imports.
    """
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**DEFAULTS, **os.environ, "PATH": path, "PYTHONDONTWRITEBYTECODE": ""}


def baton(*arguments: str) -> list[str]:
    """The command line of the console script."""
    return [str(PYTHON), "-m", "baton.config", *arguments]


def start() -> int:
    """Migrate, load the demonstration on the first start, then serve until Ctrl-C; returns only when a step failed."""
    port = os.environ.get("PORT", "8000")
    if not (port.isdecimal() and port.isascii() and int(port) <= 65535):
        stop_with(NO_PORT, NOT_STARTED, port=port)
    if port_is_taken(int(port)):
        stop_with(PORT_TAKEN, NOT_STARTED, port=port, other=int(port) + 1 if int(port) < 65535 else 8001)
    steps = [baton("migrate")]
    if environment()["BATON_DEMO"].lower() in {"1", "true", "yes", "on"}:
        steps.append(baton("demo", "--if-empty"))
    for step in steps:
        code = subprocess.run(step, env=environment()).returncode
        if code != 0:
            return code
    serve = baton("serve", "--with-worker", "--port", port)
    # The server takes the place of this process: Ctrl-C and exit code are its own.
    os.execve(serve[0], serve, environment())


def port_is_taken(port: int) -> bool:
    """Whether somebody listens on the port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


# Test -----------------------------------------------------------------------------------------------------------------

CHECKS = {
    "ruff check": ["ruff", "check", "--output-format=concise", "."],
    "ruff format": ["ruff", "format", "--check", "--output-format=concise", "."],
    "mypy": ["mypy"],
    # Also compiles once what each of the processes that run tests would compile for itself at the same time.
    "tests can be collected": ["python", "-m", "pytest", "--collect-only", "--quiet"],
    "contracts between the rooms": ["lint-imports", "--no-logo"],
    "migrations": ["python", "-m", "django", "makemigrations", "--check", "--dry-run"],
    "browser libraries": ["python", "scripts/vendor.py", "--check"],
    "fonts": ["python", "scripts/fonts.py", "--check"],
    "requirements files": ["python", "scripts/lock.py", "--check"],
    "reference pages": ["python", "scripts/reference.py", "--check"],
}
CHECKS_AT_A_TIME = 2
# Both passes run at the same time: one computes while the other waits for its browser or its disk. Rooms and trust are
# what a database can get wrong; the rest of the tests does not depend on which one it is. Of tests that either database
# will do for, each pass has one half.
PASSES = {
    "SQLite": ["--numprocesses=3"],
    "PostgreSQL": ["--numprocesses=2", "--database=postgresql", "tests/rooms", "tests/trust"],
}
PARALLEL = ["--dist=loadfile", "--no-loadscope-reorder"]
SHARED = ["--shared"]
SYSTEM_PACKAGES = {
    "chromium": "the tests in a real browser are skipped",
    "postgresql": "the tests on PostgreSQL are left out",
    "default-jre-headless": "the tests of the distributed engine are skipped",
}
# The same engine as that of chromium, without windows: half the work. Not missed where there is none.
LIGHTER_BROWSER = "chromium-headless-shell"
APT_PATIENCE = ["-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=20", "-o", "Acquire::https::Timeout=20"]


def test(arguments: list[str]) -> int:
    """Every check and every test, or with arguments only pytest with these; the exit code says whether all is well."""
    set_up(development=True)
    if arguments:
        return run_tool(["python", "-m", "pytest", *arguments])
    missing = provide_system_packages()
    with ThreadPoolExecutor(CHECKS_AT_A_TIME) as pool:
        failed = {name: code for name, code in zip(CHECKS, pool.map(check, CHECKS), strict=True) if code != 0}
    passes = [name for name in PASSES if name != "PostgreSQL" or "postgresql" not in missing]
    shared = SHARED if len(passes) == len(PASSES) else []
    totals = [0, 0, 0]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(len(passes)) as pool:
        for name, code in zip(passes, pool.map(lambda name: run_pass(name, shared, Path(folder)), passes), strict=True):
            if code != 0:
                failed[f"pytest on {name}"] = code
            totals = [total + count for total, count in zip(totals, counts(Path(folder) / f"{name}.xml"), strict=True)]
    for package, consequence in missing.items():
        say(f"Not complete: {package} is not installed and could not be; {consequence}.")
    for name, code in failed.items():
        say(f"Failed: {name} (exit code {code})")
    say("Total: {} passed, {} failed, {} skipped".format(*totals))
    in_pytest = [code for name, code in failed.items() if name.startswith("pytest")]
    return next(iter([*in_pytest, *failed.values()]), 0)


def run_pass(name: str, more: list[str], folder: Path) -> int:
    """All tests that the pass is about, with a report in ``folder``; the first speaks at once, others at their end."""
    command = tool(["python", "-m", "pytest", *PARALLEL, *more, f"--junitxml={folder / name}.xml", *PASSES[name]])
    head = f"\n== pytest on {name}"
    if name == next(iter(PASSES)):
        say(head)
        return subprocess.run(command, env=environment()).returncode
    ran = subprocess.run(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    say(f"{head}\n{ran.stdout.decode(errors='replace')}")
    return ran.returncode


def check(name: str) -> int:
    """Run one of the checks; its output is shown when it fails only."""
    with tempfile.TemporaryDirectory() as data:
        started = time.monotonic()
        ran = subprocess.run(
            tool(CHECKS[name]),
            env={**environment(), "BATON_DATA": data},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    say(f"== {name}: {'failed' if ran.returncode else 'well'} ({time.monotonic() - started:.1f} s)")
    if ran.returncode:
        say(ran.stdout.decode(errors="replace"))
    return ran.returncode


def tool(command: list[str]) -> list[str]:
    """The command with its program taken from .venv."""
    return [str(VENV / "bin" / command[0]), *command[1:]]


def run_tool(command: list[str]) -> int:
    """Run a program of .venv in the repository; its exit code."""
    return subprocess.run(tool(command), env=environment()).returncode


def counts(report: Path) -> list[int]:
    """Passed, failed and skipped tests in a JUnit report; zeros when pytest did not get as far as writing one."""
    if not report.exists():
        return [0, 0, 0]
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    ran, failures, errors, skipped = (
        sum(int(suite.get(name, "0")) for suite in suites) for name in ("tests", "failures", "errors", "skipped")
    )
    return [ran - failures - errors - skipped, failures + errors, skipped]


def provide_system_packages() -> dict[str, str]:
    """Install with apt-get, when root, what the tests use of the system; what is missing all the same, and its cost."""
    missing = [package for package in SYSTEM_PACKAGES if not is_there(package)]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        if missing:
            quietly("apt-get", "update", "-qq")
        known = not shutil.which(LIGHTER_BROWSER) and quietly("apt-cache", "show", LIGHTER_BROWSER)
        lighter = [LIGHTER_BROWSER] if known else []
        if missing or lighter:
            say(f"Installing {', '.join([*missing, *lighter])} with apt-get ...")
        for package in (*missing, *lighter):
            quietly("apt-get", "install", "-y", "-qq", "--no-install-recommends", *APT_PATIENCE, package)
    return {package: SYSTEM_PACKAGES[package] for package in missing if not is_there(package)}


def quietly(*command: str) -> bool:
    """Run a command of the system without a word; whether it did its work."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return (
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    )


def is_there(package: str) -> bool:
    """Whether the machine has what the package brings."""
    if package == "chromium":
        return any(
            map(
                shutil.which, (LIGHTER_BROWSER, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
            )
        )
    if package == "postgresql":
        return shutil.which("initdb") is not None or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return shutil.which("java") is not None


def main() -> int:
    """Do what the arguments say."""
    use_a_python_that_is_new_enough()
    os.chdir(ROOT)
    command, arguments = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else ("", [])
    if command in {"-h", "--help", "help"}:
        say(str(__doc__))
        return 0
    if command == "test":
        return test(arguments)
    set_up(development=False)
    if command == "":
        return start()
    if command == "setup":
        return 0
    return subprocess.run(baton(command, *arguments), env=environment()).returncode


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except OSError as error:
        if error.errno not in REFUSED:
            raise
        stop_with(REFUSED[error.errno], NOT_STARTED, path=error.filename or ROOT)
