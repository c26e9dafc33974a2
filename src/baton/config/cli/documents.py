"""The command that makes documents as PDF, by the same way as the pages."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from baton.config.cli.root import main
from baton.config.terminal import actor, complain, language, say, set_up_django

if TYPE_CHECKING:
    from baton.core.pdf.printing import Pdf

LANGUAGES = {"en": "en", "zh": "zh-hans"}


@main.command()
@click.argument("number")
@click.option("--version", "version", type=click.IntRange(min=1), help="Which version; the one that counts without it.")
@click.option("--language", "said", type=click.Choice(["en", "zh-hans"]), help="Default: that of the terminal.")
@click.option("--for-signing", is_flag=True, help="An agreement with places to be signed or chopped on paper.")
@click.option("--to", "target", type=click.Path(path_type=Path), help="File or folder. Default: the folder you are in.")
def pdf(number: str, version: int | None, said: str | None, for_signing: bool, target: Path | None) -> None:
    """Make the PDF of an agreement or a service offer, with signatures and QR code, by its NUMBER, such as A-2026-0001
    or SO-2026-0001."""
    set_up_django()
    made = _made(number, version, said or LANGUAGES[language()], for_signing)
    if made is None:
        complain(
            f"There is no agreement or service offer {number}" + (f" with a version {version}." if version else ".")
        )
        sys.exit(2)
    place = target or Path()
    if place.is_dir():
        place /= made.name
    place.write_bytes(made.content)
    say(str(place))


def _made(number: str, version: int | None, language: str, for_signing: bool) -> Pdf | None:
    from baton.agreements.pages.documents import Copy, version_pdf
    from baton.agreements.pages.offer_documents import offer_pdf
    from baton.agreements.queries.documents import version_called
    from baton.agreements.queries.offer_documents import offer_version_called

    by, at = actor("pdf"), datetime.now(UTC)
    if (found := version_called(viewer=by, at=at, number=number, version=version)) is not None:
        copy = Copy.SIGNING if for_signing else Copy.READING
        return version_pdf(viewer=by, at=at, public_id=found, language=language, copy=copy)
    if (found := offer_version_called(viewer=by, at=at, number=number, version=version)) is not None:
        return offer_pdf(viewer=by, at=at, public_id=found, language=language)
    return None
