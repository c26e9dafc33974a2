"""A mail server on loopback that takes what is sent to it; standard library only."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


@dataclass
class Mailbox:
    """What came. ``refused`` maps a recipient to the answer that he gets instead, such as ``550 no such user``.
    ``arrived`` is called with each e-mail that is here, before the sender learns that it is."""

    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    arrived: Callable[[], None] | None = None
    port: int = 0

    def serve(self, settings: Any) -> None:
        """Let the installation send through this server."""
        settings.SENDS_MAIL = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", self.port, False

    @property
    def environment(self) -> dict[str, str]:
        """The same for another process."""
        return {"BATON_SMTP_HOST": "127.0.0.1", "BATON_SMTP_PORT": str(self.port), "BATON_SMTP_TLS": "no"}


def part(message: EmailMessage, kind: str) -> str:
    """The ``plain`` or ``html`` part of an e-mail."""
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        mailbox = self.server.mailbox
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.partition(" ")[0].upper()
            if verb == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
                mailbox.recipients.append(to)
                self.say(mailbox.refused.get(to, "250 ok"))
            elif verb == "DATA":
                self.say("354 go on")
                self.take()
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take(self) -> None:
        mailbox = self.server.mailbox
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(message, EmailMessage)
        mailbox.messages.append(message)
        if mailbox.arrived is not None:
            mailbox.arrived()
        self.say("250 taken")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    mailbox: Mailbox

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever was killed in the middle of a conversation says nothing more."""


@contextmanager
def receiving(mailbox: Mailbox) -> Iterator[Mailbox]:
    """Listen on a free port of 127.0.0.1 while the block runs."""

    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.mailbox = mailbox
        mailbox.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield mailbox
        finally:
            server.shutdown()
