"""Published results of surveys: what the pages show, and nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import reads
from baton.core.api.schemas import Asked, PublicId, SaidTexts, Shown
from baton.core.policy import may_use
from baton.feedback import queries
from baton.feedback.models import PublishedCell
from baton.feedback.queries.path_results import path_results
from baton.feedback.rules import Band, scored_of
from baton.feedback.rules.published import Figure, Grouping, Study, Why, scale_of
from baton_analysis.errors import gettext_noop

READ = "feedback:read"
MOST_WAVES = 200

router = Router()


class PublishedWaveShown(Shown):
    """A survey whose results are published."""

    id: PublicId
    number: str = Field(examples=["SV-2026-0001"])
    title: SaidTexts
    published_at: datetime
    answered: int = Field(description="Sheets that were handed in.")
    least: int = Field(description="Fewest answers on which a shown figure rests.")


class PublishedWavesShown(Shown):
    """The last published first."""

    rows: list[PublishedWaveShown]


class FigureShown(Shown):
    """A figure of a group of answers; hidden, it has a reason and nothing else."""

    column: str = Field(description="Key of the question, and of its part.")
    figure: Figure
    low: int = Field(description="Lowest that it can be.")
    high: int
    grouping: Grouping
    link: PublicId | None
    supplier: PublicId | None
    customer: PublicId | None
    band: Band | None
    why: Why | None = Field(description="Why it is hidden; null: it is shown.")
    n: int | None = Field(description="Answers.")
    value: float | None = Field(description="To one decimal.")
    lower: float | None = Field(description="Of the 95 % interval.")
    upper: float | None
    method: str = Field(description="Of the interval.")


class StudyShown(Shown):
    """What was worked out from the whole survey."""

    study: Study
    subject: str = Field(description="Key of the dimension or question; empty: the survey.")
    result: dict[str, Any]


class ResultsShown(Shown):
    """All figures of a survey that the caller may see."""

    wave: PublishedWaveShown
    figures: list[FigureShown]
    studies: list[StudyShown]


class ResultsAsked(Asked):
    """Of one group of answers; without any all that the caller may see."""

    supplier: PublicId | None = None
    customer: PublicId | None = None
    link: PublicId | None = None
    band: Band | None = None


class PathAsked(Asked):
    """Which survey and which question."""

    wave: PublicId | None = Field(default=None, description="null: the last that asks about a link of the path.")
    column: Annotated[str, StringConstraints(max_length=64, pattern=r"^[^\x00]*$")] = Field(
        default="", description="Key of the question, and of its part; empty: the outcome."
    )
    band: Band | None = None


class PathLinkShown(Shown):
    """A link of a path."""

    link: PublicId
    asked: bool = Field(description="Whether the survey asks about it.")
    figure: FigureShown | None = Field(description="null: nothing is published of it.")
    weakest: bool = Field(description="Whether its whole interval lies below those of all others that are shown.")


class PathResultsShown(Shown):
    """Figures of one question along a path; without a survey there are none."""

    wave: PublishedWaveShown | None
    column: str
    low: int | None
    high: int | None
    links: list[PathLinkShown] = Field(description="In the order of the path.")


@reads(
    router, "", scope=READ, may=may_use, response=PublishedWavesShown,
    summary=gettext_noop("List surveys with results"),
    description=gettext_noop("Surveys whose results are published and of which the caller may see something."),
)  # fmt: skip
def list_published_waves(request: ApiRequest) -> Any:
    rows = queries.published_waves(viewer=request.actor, at=request.now)[:MOST_WAVES]
    return PublishedWavesShown(rows=[_wave(one) for one in rows])


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=ResultsShown,
    summary=gettext_noop("Read results of a survey"),
    description=gettext_noop(
        "Published figures, hidden ones with the reason. Groups other than those that are published are refused."
    ),
)  # fmt: skip
def read_results(request: ApiRequest, public_id: PublicId, asked: Query[ResultsAsked]) -> Any:
    viewer, at = request.actor, request.now
    wave = queries.published_wave(viewer=viewer, at=at, public_id=public_id)
    given = {name: str(value) for name, value in asked.model_dump(exclude_none=True).items()}
    if given:
        group = queries.group_asked(viewer=viewer, at=at, wave=wave, asked=given)
        cells = queries.cells_of_group(viewer=viewer, at=at, wave=wave, group=group)
    else:
        cells = queries.published_cells(viewer=viewer, at=at, wave=wave)
    scales = {one.key: one for one in scored_of(wave.contents)}
    studies = queries.published_studies(viewer=viewer, wave=wave)
    return ResultsShown(
        wave=_wave(wave),
        figures=[_figure(one, *scale_of(Figure(one.figure), scales[one.column])) for one in cells],
        studies=[StudyShown(study=Study(one.study), subject=one.subject, result=one.result) for one in studies],
    )


@reads(
    router, "/paths/{slug:public_id}", scope=READ, may=may_use, response=PathResultsShown,
    summary=gettext_noop("Read results along a path"),
    description=gettext_noop(
        "Published figures of the links of a measured path, one beside the other; of several together there are none."
    ),
)  # fmt: skip
def read_path_results(request: ApiRequest, public_id: PublicId, asked: Query[PathAsked]) -> Any:
    found = path_results(
        viewer=request.actor, at=request.now, path=public_id, wave=asked.wave or "", column=asked.column,
        band=asked.band or "",
    )  # fmt: skip
    if found.wave is None or found.column is None:
        return PathResultsShown(wave=None, column="", low=None, high=None, links=[])
    low, high = scale_of(found.figure, found.column)
    return PathResultsShown(
        wave=_wave(found.wave), column=found.column.key, low=low, high=high,
        links=[
            PathLinkShown(
                link=one.link.public_id, asked=one.asked is not None, weakest=one.weakest,
                figure=_figure(one.cell, low, high) if one.cell is not None else None,
            )
            for one in found.rows
        ],
    )  # fmt: skip


def _wave(one: Any) -> PublishedWaveShown:
    return PublishedWaveShown(
        id=one.public_id, number=one.number, title=one.title, published_at=one.published_at, answered=one.answered or 0,
        least=one.least,
    )  # fmt: skip


def _figure(one: PublishedCell, low: int, high: int) -> FigureShown:
    return FigureShown(
        column=one.column, figure=Figure(one.figure), low=low, high=high, grouping=Grouping(one.grouping),
        link=one.wave_link.link.public_id if one.wave_link else None,
        supplier=one.supplier.public_id if one.supplier else None,
        customer=one.customer.public_id if one.customer else None, band=Band(one.band) if one.band else None,
        why=Why(one.why) if one.why else None, n=one.n, value=one.value, lower=one.lower, upper=one.upper,
        method=one.method,
    )  # fmt: skip
