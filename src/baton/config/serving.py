"""Starting the web server, and the worker beside it where asked."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import FrameType

from baton.config.env import SettingError
from baton.config.system_errors import code_of, why_no_port
from baton_analysis.errors import gettext_noop

GRACE_SECONDS = 15
KEPT_SECONDS = 75
"""How long a connection is kept on which nothing is asked: longer than proxies keep theirs (nginx: 60 s), so that none
sends a request into one that is being closed."""

STANDS_BACK = "5"
"""How far the worker stands back behind pages that wait on the same machine: of a core that both want it gets a
quarter."""


def serve(
    *, at: datetime, port: int, lan: bool, address: str | None, threads: int, workers: int, with_worker: bool
) -> int:
    """Run until a signal or until one of the processes ends; returns the exit code.

    With ``lan`` the address of this machine is served over https with a certificate of its own, so that phones in the
    same network can open the printed QR code. Raises :class:`SettingError` for settings that cannot be, and for an
    address or port that cannot be listened on.
    """
    from baton.config.certificates import lan_address, local_certificate

    bind = address or (lan_address() if lan else "127.0.0.1")
    scheme = "https" if lan else "http"
    os.environ.setdefault("BATON_BASE_URL", f"{scheme}://{bind}:{port}")
    # A setting that is wrong, or a port that is taken, is said once and here, not by each process and its server.
    import_module("baton.config.settings")
    demand_free(bind, port)
    # Whoever takes over a web process shall not find the password of the tables' owner.
    environment = {name: value for name, value in os.environ.items() if name != "BATON_OWNER_DATABASE_URL"}
    web = [
        sys.executable, "-m", "gunicorn", "baton.config.wsgi:application", "--bind", f"{bind}:{port}",
        "--worker-class", "baton.config.web_process.WebProcess", "--workers", str(workers), "--threads", str(threads),
        "--no-control-socket", "--graceful-timeout", str(GRACE_SECONDS), "--keep-alive", str(KEPT_SECONDS),
        "--log-level", "warning", "--worker-tmp-dir", _memory_folder(),
    ]  # fmt: skip
    if lan:
        certificate = local_certificate(bind, at=at)
        web += ["--certfile", str(certificate.chain), "--keyfile", str(certificate.key)]
    commands = {"web server": web}
    if with_worker:
        commands["worker"] = [sys.executable, "-m", "baton.config", "worker", "--nice", STANDS_BACK]
    url = environment["BATON_BASE_URL"]
    print(f"Baton answers on {url}  (Ctrl-C ends it)", flush=True)
    if lan:
        _print_qr(url)
    return run_together(commands, environment)


def demand_free(address: str, port: int) -> None:
    """Raise :class:`SettingError` unless this machine can listen on ``port`` of ``address`` now."""
    try:
        if not 0 <= port <= 65535:  # getaddrinfo would count on from 0
            raise OverflowError(port)
        family, kind, protocol, _name, where = socket.getaddrinfo(
            address.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server itself does
            probe.bind(where)
    except (OSError, OverflowError) as refused:
        raise SettingError(
            expected=gettext_noop("Baton must be able to listen on port {port} of {address}."),
            found=why_no_port(refused),
            remedy=gettext_noop("End what listens there, or choose another: baton serve --port {other}"),
            port=port,
            address=address,
            code=code_of(refused),
            other=port + 1 if 1024 <= port < 65535 else 8001,
        ) from refused


def _memory_folder() -> str:
    return "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp"


def _print_qr(url: str) -> None:
    import segno

    segno.make(url).terminal(compact=True)


def run_together(commands: dict[str, list[str]], environment: dict[str, str]) -> int:
    """Run the commands until a signal arrives or one of them ends; then end the others. Returns the exit code."""
    stopping = False

    def stop(signum: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    children = {
        name: subprocess.Popen(command, env=environment, start_new_session=True) for name, command in commands.items()
    }
    code = 0
    while not stopping:
        ended = next((name for name, child in children.items() if child.poll() is not None), None)
        if ended is not None:
            code = children[ended].returncode or 1
            print(f"The {ended} ended (exit code {children[ended].returncode}); stopping.", file=sys.stderr, flush=True)
            break
        time.sleep(0.2)
    for child in children.values():
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    for child in children.values():
        try:
            child.wait(timeout=GRACE_SECONDS + 5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    return code
