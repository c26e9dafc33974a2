"""From records of the chain to facts: the handovers of accepted event logs. No names leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import salted_hmac

from baton.chain.models import EventLog
from baton.chain.models.event_logs import NAME_LENGTH
from baton.chain.rules import LogState
from baton.core import uploads
from baton_analysis.errors import FactError, gettext_noop
from baton_analysis.facts.mapping import EventMapping
from baton_analysis.readers.model import Limits

if TYPE_CHECKING:
    import polars as pl

    from baton_analysis.measures.handover_chain import HandoverChain

TABLE = "handovers"
ACTIVITY_LENGTH = 200


def limits() -> Limits:
    """Bounds of an event log that comes through the browser."""
    packed = settings.EVENT_LOG_LIMIT_MIB * 1024**2
    return Limits(packed=packed, unpacked=max(10 * packed, 512 * 1024**2), events=settings.EVENT_LOG_EVENTS)


def mapping_of(log: EventLog) -> EventMapping:
    """What the columns of a log mean, as somebody said."""
    said = log.columns
    return EventMapping(
        case=said["case"],
        party=said["party"],
        time=said["time"],
        activity=said["activity"],
        party_kind=said["party_kind"],
        missing=tuple(said["missing"]),
        allow_persons=said["allow_persons"],
    )


def mined_chain(log: EventLog, progress: Callable[[float], None] | None = None) -> HandoverChain:
    """What the file of a log shows; see :func:`mined_with_activities`."""
    return mined_with_activities(log, progress)[0]


def mined_with_activities(
    log: EventLog, progress: Callable[[float], None] | None = None
) -> tuple[HandoverChain, dict[str, str]]:
    """Read the file of a log and mine it; beside the chain the activity that each party does most often, by its name in
    the log (none for persons). ``progress`` takes the share of the file that was read.

    Persons who may not be named get pseudonyms under a key of this installation: the same in every log, and of no use
    elsewhere. Raises ReadError or FactError with what is wrong with the file or the choice of columns.
    """
    from baton_analysis.facts.events import event_facts
    from baton_analysis.measures.handover_chain import handover_chain
    from baton_analysis.readers import read

    mapping = mapping_of(log)
    table = read(
        uploads.location(log.path), columns=mapping.columns, zone=log.zone, limits=limits(), progress=progress,
        sheet=log.columns.get("sheet") or None,
    )  # fmt: skip
    salt = salted_hmac("baton.chain.facts.pseudonyms", "", algorithm="sha256").digest()
    facts = event_facts(table.frame, mapping, zone=log.zone, salt=salt, digest=table.digest)
    longest = max(facts.parties.to_list(), key=len)
    if len(longest) > NAME_LENGTH:
        raise FactError(
            expected=gettext_noop("The name of a party may have at most {most} characters."),
            found=gettext_noop("One has {length}: “{beginning}…”."),
            remedy=gettext_noop("Choose another column for the party."),
            most=NAME_LENGTH,
            length=len(longest),
            beginning=longest[:60],
        )
    return handover_chain(facts), _usual_activities(table.frame, mapping)


def _usual_activities(frame: pl.DataFrame, mapping: EventMapping) -> dict[str, str]:
    """Party -> its most frequent activity, ties by name."""
    import polars as pl

    if mapping.activity is None or mapping.party_kind == "person":
        return {}
    both = frame.select(
        pl.col(mapping.party).cast(pl.String).alias("party"), pl.col(mapping.activity).cast(pl.String).alias("activity")
    ).drop_nulls()
    counted = both.group_by("party", "activity").len().sort(["len", "activity"], descending=[True, False])
    first = counted.unique("party", keep="first", maintain_order=True)
    return dict(first.select("party", pl.col("activity").str.slice(0, ACTIVITY_LENGTH)).iter_rows())


def handover_facts(source: str) -> pl.DataFrame | None:
    """Handovers of an accepted log between names that are parties, one row each; None when the log counts no more.

    Columns: ``subject`` (``<supplier public id>><customer public id>``), ``case`` (number within the log), ``at``
    (Datetime, UTC), ``day`` and ``week`` (days since 1970-01-01 of the day and of its ISO week's Monday),
    ``wait_seconds``, ``returned``.
    """
    import polars as pl

    log = EventLog.objects.filter(public_id=source, state=LogState.ACCEPTED).first()
    if log is None:
        return None
    chain = mined_chain(log)
    known = log.names.filter(party__isnull=False).values_list("value", "party__public_id")
    parties = dict(known)
    rows = chain.handovers_frame.with_columns(
        pl.col("supplier").replace_strict(parties, default=None, return_dtype=pl.String),
        pl.col("customer").replace_strict(parties, default=None, return_dtype=pl.String),
        pl.col("case").rank("dense").cast(pl.Int64),
    )
    # Two names of the log may be one party: work between them is no handover.
    between = rows.drop_nulls(["supplier", "customer", "at"]).filter(pl.col("supplier") != pl.col("customer"))
    return between.select(
        pl.concat_str("supplier", pl.lit(">"), "customer").alias("subject"),
        "case",
        "at",
        pl.col("day").cast(pl.Int32),
        pl.col("week").cast(pl.Int32),
        pl.col("wait_seconds").cast(pl.Float64),
        pl.col("returned").cast(pl.Boolean),
    )


def handover_sources() -> list[str]:
    """Public ids of the logs whose handovers are facts now."""
    accepted = EventLog.objects.filter(state=LogState.ACCEPTED).order_by("pk")
    return list(accepted.values_list("public_id", flat=True))


def log_name(source: str) -> str:
    """What people call a log; its public id where there is none."""
    return EventLog.objects.filter(public_id=source).values_list("name", flat=True).first() or source
