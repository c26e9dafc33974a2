"""The console script ``baton``.

Exit codes: 0 done, 1 refused or found wanting (the message says why), 2 wrong use of the command, 3 not started (bad
settings, no secret key, a database that does not fit the program, a port in use).
"""

from baton.config.cli import analysing, documents, feedback, importing, keeping, people, running, starting
from baton.config.cli.root import main

__all__ = ["analysing", "documents", "feedback", "importing", "keeping", "main", "people", "running", "starting"]
