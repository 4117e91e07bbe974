"""Times as commands show them: on the clock of the home."""

from pathlib import Path
from zoneinfo import ZoneInfo

from agentkit.cli.screen import moment, zone_of

WRITTEN = "2026-03-03T20:30:00+00:00"


def test_a_time_is_shown_on_the_homes_clock(tmp_path: Path) -> None:
    """What was written down in another zone is shown in the home's."""
    (tmp_path / "agentkit.toml").write_text('time_zone = "Asia/Tokyo"\n', "utf-8")
    zone = zone_of(tmp_path)
    assert zone == ZoneInfo("Asia/Tokyo")
    assert moment(WRITTEN, zone, seconds=False) == "2026-03-04 05:30"


def test_settings_that_cannot_be_read_hide_no_times(tmp_path: Path) -> None:
    """Where the settings are broken the system's clock is taken."""
    (tmp_path / "agentkit.toml").write_text("time_zone = [", "utf-8")
    assert zone_of(tmp_path) is None


def test_no_time_is_nothing() -> None:
    """What has not happened has no time."""
    assert moment("") == ""
