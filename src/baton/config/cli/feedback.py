"""The command through which a mail server hands over e-mail to the address for feedback."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from baton.config.cli.root import main
from baton.config.terminal import complain, say, set_up_django

LATER = 75
"""EX_TEMPFAIL of sysexits.h: the mail server tries again later."""


@main.command()
def receive() -> None:
    """Keep one e-mail from standard input as feedback; for the pipe of a mail server.

    A message that a program wrote, a bounce and one that is here already are passed over. Exit codes: 0 done, 1 refused
    (too large; the mail server tells the sender), 75 not now (the mail server tries again).
    """
    raw = sys.stdin.buffer.read()
    try:
        set_up_django()
        from django.db import DatabaseError

        from baton.core.errors import Refused, explain
        from baton.feedback.changes import receive_mail
        from baton.feedback.rules.mail_reading import WhyIgnored
    except SystemExit:
        sys.exit(LATER)
    try:
        found = receive_mail(at=datetime.now(UTC), raw=raw)
    except Refused as refused:
        complain(explain(refused))
        sys.exit(1)
    except DatabaseError:
        complain("The database takes nothing now.")
        sys.exit(LATER)
    say(f"passed over: {found.value}" if isinstance(found, WhyIgnored) else found.number)
