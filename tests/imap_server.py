"""An IMAP server on loopback with one mailbox (RFC 3501, as much of it as a reader of new mail needs); standard library
only."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class ImapMailbox:
    """Messages in their order, uid 1 first. ``seen`` are the uids that were read, ``password`` the one that opens it,
    ``logins`` what was tried. ``breaks_after``: the connection ends after so many bodies were handed out."""

    messages: list[bytes] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    password: str = "open sesame"
    logins: list[str] = field(default_factory=list)
    bodies: list[int] = field(default_factory=list)
    sizes: dict[int, int] = field(default_factory=dict)
    breaks_after: int = 10**9
    port: int = 0

    def serve(self, settings: Any) -> None:
        """Let the installation read this mailbox."""
        settings.INBOX_HOST, settings.INBOX_PORT, settings.INBOX_TLS = "127.0.0.1", self.port, False
        settings.INBOX_USER, settings.INBOX_PASSWORD = "feedback", self.password
        settings.INBOX_PASSWORD_FILE, settings.INBOX_FOLDER = "", "INBOX"


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.say("* OK ready")
        while line := self.rfile.readline().decode().strip():
            tag, _space, rest = line.partition(" ")
            if not self.answer(tag, rest):
                return

    def answer(self, tag: str, asked: str) -> bool:
        box, verb = self.server.mailbox, asked.upper()
        if verb.startswith("CAPABILITY"):
            self.say("* CAPABILITY IMAP4rev1")
        elif verb.startswith("LOGIN"):
            box.logins.append(asked)
            if f'"{box.password}"' not in asked:
                self.say(f"{tag} NO [AUTHENTICATIONFAILED] not with {asked}")
                return True
        elif verb.startswith("SELECT"):
            self.say(f"* {len(box.messages)} EXISTS")
        elif verb.startswith("UID SEARCH"):
            new = [str(uid) for uid in range(1, len(box.messages) + 1) if uid not in box.seen]
            self.say(f"* SEARCH {' '.join(new)}")
        elif verb.startswith("UID FETCH"):
            if not self.fetch(asked):
                return False
        elif verb.startswith("UID STORE"):
            box.seen.add(int(asked.split()[2]))
        elif verb.startswith("LOGOUT"):
            self.say("* BYE now")
            self.say(f"{tag} OK done")
            return False
        self.say(f"{tag} OK done")
        return True

    def fetch(self, asked: str) -> bool:
        box, uid = self.server.mailbox, int(re.split(r"\s+", asked)[2])
        raw = box.messages[uid - 1]
        if "RFC822.SIZE" in asked:
            self.say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {box.sizes.get(uid, len(raw))})")
            return True
        if len(box.bodies) >= box.breaks_after:
            return False
        box.bodies.append(uid)
        self.wfile.write(f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")
        return True

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    mailbox: ImapMailbox


@contextmanager
def mailbox_over_imap() -> Iterator[ImapMailbox]:
    """A server with an empty mailbox, for as long as the block."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.mailbox = box = ImapMailbox(port=server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
