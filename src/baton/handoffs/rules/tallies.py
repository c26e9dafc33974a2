"""What is counted by the hour or shift. Pure Python."""

from __future__ import annotations

from datetime import UTC, datetime


def tally_key(begins_at: datetime, ends_at: datetime) -> str:
    """Under which a time is counted once on a link."""
    times = (one.astimezone(UTC).isoformat(timespec="minutes") for one in (begins_at, ends_at))
    return f"tally:{'/'.join(times)}"


def tally_times(key: str) -> tuple[datetime, datetime]:
    """From when until when the tally with this key was counted."""
    begins_at, ends_at = key.removeprefix("tally:").split("/")
    return datetime.fromisoformat(begins_at), datetime.fromisoformat(ends_at)
