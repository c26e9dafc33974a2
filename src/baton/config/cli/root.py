"""The command ``baton`` itself, to which the other modules of this package add theirs."""

from __future__ import annotations

import sys
from typing import Any

import click

from baton import __version__
from baton.config.system_errors import refusal as refused_by_the_system
from baton.config.terminal import print_refusal
from baton_analysis.errors import BatonError

EXIT_CODES = """\b
Exit codes:
  0  done
  1  refused or found wanting; the message says why
  2  wrong use of the command
  3  not started: bad settings, no secret key, a database that does not fit, a port in use
"""


class BatonGroup(click.Group):
    """Shows a refusal as its message, never as a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BatonError as refusal:
            print_refusal(refusal)
            sys.exit(refusal.exit_code)
        except OSError as error:
            said = refused_by_the_system(error)
            if said is None:
                raise
            print_refusal(said)
            sys.exit(said.exit_code)


@click.group(cls=BatonGroup, context_settings={"help_option_names": ["-h", "--help"]}, epilog=EXIT_CODES)
@click.version_option(__version__, prog_name="baton")
def main() -> None:
    """Baton: everybody has a customer; the next process is your customer."""
