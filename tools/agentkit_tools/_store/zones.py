"""Time zones of calendar files: names, components, the hours that clocks skip."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from agentkit_tools._store.blocks import Block, Blocks


def localize(value: date, zone: tzinfo) -> datetime:
    """Put a date or time of a file into the user's zone; floating times stay."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), zone)
    if value.tzinfo is None:
        return value.replace(tzinfo=zone)
    try:
        return value.astimezone(zone)
    except OverflowError:  # the last day of the year 9999
        return value.replace(tzinfo=zone)


def written(moment: datetime, *, all_day: bool, repeats: bool = False) -> date:
    """Prepare a time for a file.

    A bare offset has no name there and becomes UTC; of a repeating event it becomes
    the plain local time, which stays the same hour all year. An hour that clocks
    skip is the one after it, and the second of a doubled hour needs UTC.
    """
    if all_day:
        return moment.date()
    if not getattr(moment.tzinfo, "key", ""):
        return moment.replace(tzinfo=None) if repeats else moment.astimezone(UTC)
    real = moment.astimezone(UTC)
    return (
        real if moment.fold and _is_doubled(moment) else real.astimezone(moment.tzinfo)
    )


def later(moment: datetime, by: timedelta) -> datetime:
    """Return the time that comes some real time after another one."""
    return (moment.astimezone(UTC) + by).astimezone(moment.tzinfo)


def _is_doubled(moment: datetime) -> bool:
    return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()


def zone_blocks(blocks: Blocks, *moments: datetime) -> tuple[Block, ...]:
    """Return VTIMEZONE components that the moments need and the file lacks."""
    from icalendar import Timezone

    known = {block.value("TZID") for block in blocks.of("VTIMEZONE")}
    years = {str(getattr(one.tzinfo, "key", "")): one.year for one in moments}
    return tuple(
        Block(
            "VTIMEZONE",
            Timezone.from_tzid(
                key, first_date=date(year - 1, 1, 1), last_date=date(year + 10, 1, 1)
            )
            .to_ical()
            .decode(),
        )
        for key, year in sorted(years.items())
        if key not in known | {"", "UTC", "Etc/UTC"}
    )
