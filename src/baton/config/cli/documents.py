"""The command that makes documents as PDF, by the same way as the pages."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from baton.config.cli.root import main
from baton.config.terminal import actor, complain, language, say, set_up_django

LANGUAGES = {"en": "en", "zh": "zh-hans"}


@main.command()
@click.argument("number")
@click.option("--version", "version", type=click.IntRange(min=1), help="Which version; the one that counts without it.")
@click.option("--language", "said", type=click.Choice(["en", "zh-hans"]), help="Default: that of the terminal.")
@click.option("--for-signing", is_flag=True, help="With places to be signed or chopped on paper.")
@click.option("--to", "target", type=click.Path(path_type=Path), help="File or folder. Default: the folder you are in.")
def pdf(number: str, version: int | None, said: str | None, for_signing: bool, target: Path | None) -> None:
    """Make the PDF of an agreement, by its NUMBER such as A-2026-0001, with signatures and QR code."""
    set_up_django()
    from baton.agreements.pages.documents import Copy, version_pdf
    from baton.agreements.queries.documents import version_called

    by, at = actor("pdf"), datetime.now(UTC)
    public_id = version_called(viewer=by, at=at, number=number, version=version)
    if public_id is None:
        complain(f"There is no agreement {number}" + (f" with a version {version}." if version else "."))
        sys.exit(2)
    copy = Copy.SIGNING if for_signing else Copy.READING
    made = version_pdf(viewer=by, at=at, public_id=public_id, language=said or LANGUAGES[language()], copy=copy)
    place = target or Path()
    if place.is_dir():
        place /= made.name
    place.write_bytes(made.content)
    say(str(place))
