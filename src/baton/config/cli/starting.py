"""Commands that begin an organisation from a sector."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from baton.config.cli.root import main
from baton.config.terminal import actor, print_json, print_table, say, set_up_django


@main.group()
def starter() -> None:
    """Begin with a sector: its parties, outputs, links and needs, in English and Chinese."""


@starter.command("list")
@click.option("--json", "as_json", is_flag=True, help="The result as JSON.")
def list_sectors(as_json: bool) -> None:
    """The sectors there are."""
    set_up_django()
    from baton.starters.sectors import CODES, sector

    found = [sector(code) for code in CODES]
    if as_json:
        print_json(
            [
                {
                    "code": one.code, "name": dict(one.name), "about": dict(one.about), "parties": len(one.parties),
                    "outputs": len(one.outputs), "needs": len(one.needs), "links": len(one.links),
                }
                for one in found
            ]
        )  # fmt: skip
        return
    rows = [(one.code, one.name["en"], str(len(one.parties)), str(len(one.links))) for one in found]
    print_table(("code", "sector", "parties", "links"), rows)


@starter.command()
@click.argument("code")
@click.option("--beside", is_flag=True, help="Load it although other parties are there; nothing of theirs changes.")
@click.option(
    "--under", metavar="NUMBER", help="Number of the party under which it comes to stand, such as P-2026-0001."
)
@click.option(
    "--language", "languages", multiple=True, type=click.Choice(["en", "zh-hans"]),
    help="Languages of its texts (default: both); the organisation's own always is one.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="The result as JSON.")
def load(code: str, beside: bool, under: str | None, languages: tuple[str, ...], as_json: bool) -> None:
    """Enter the sector CODE, all of it or nothing. Loaded again, it enters nothing twice."""
    set_up_django()
    from baton.starters.changes import load_sector
    from baton.starters.queries import party_numbered
    from baton.starters.sectors.rules import LANGUAGES

    by, at = actor("starter"), datetime.now(UTC)
    above = party_numbered(viewer=by, at=at, number=under) if under else None
    done = load_sector(
        by=by, at=at, code=code, languages=languages or LANGUAGES, under=above, beside=beside, starting_values=True
    )
    if as_json:
        print_json(done.to_dict())
        return
    say(
        f"{done.code}: {done.parties} parties, {done.outputs} outputs, {done.responsibilities} responsibilities, "
        f"{done.needs} needs, {done.links} links and {done.agreements} drafts of agreements entered."
    )
