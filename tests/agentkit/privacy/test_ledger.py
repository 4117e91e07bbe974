import json
import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest

from agentkit import Context
from agentkit.errors import CorruptStore, EgressDenied, StoreError
from agentkit.privacy import Gate, Ledger, LedgerEntry
from agentkit.privacy.ledger import HEAD_FILE, LEDGER_FILE

TO = "https://cloud.example/v1"


def filled(home: Path, count: int = 4) -> Ledger:
    ledger = Ledger(home)
    for index in range(count):
        add(ledger, f"text {index}")
    return ledger


def add(ledger: Ledger, text: str) -> LedgerEntry:
    return ledger.add(to=TO, content=text.encode(), label="public", grant="a test")


def lines(home: Path) -> list[str]:
    return (home / LEDGER_FILE).read_text("ascii").splitlines()


def write(home: Path, rows: list[str]) -> None:
    (home / LEDGER_FILE).write_text("".join(f"{row}\n" for row in rows), "ascii")


def test_what_left_is_kept_as_it_was(tmp_path: Path) -> None:
    """An entry holds text, bytes, label, grant and where to."""
    add(Ledger(tmp_path), "Grüße ⟨contact_1⟩\n\x1b[31m")
    (entry,) = Ledger(tmp_path).entries()
    assert entry.text == "Grüße ⟨contact_1⟩\n\x1b[31m"
    assert (entry.number, entry.to, entry.label) == (1, TO, "public")
    assert entry.size == len("Grüße ⟨contact_1⟩\n\x1b[31m".encode())


def test_an_untouched_ledger_is_sound(tmp_path: Path) -> None:
    """Nothing is wrong with what was only appended to, nor with no ledger."""
    assert Ledger(tmp_path / "none").verify() == ()
    assert filled(tmp_path).verify() == ()


@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize(
    "key", ["text", "to", "label", "grant", "time", "size", "hash"]
)
def test_a_changed_line_is_told(tmp_path: Path, number: int, key: str) -> None:
    """Whatever is changed in whichever line, that line is named."""
    ledger = filled(tmp_path)
    rows = lines(tmp_path)
    row = json.loads(rows[number - 1])
    row[key] = 7 if key == "size" else "else"
    write(tmp_path, [*rows[: number - 1], json.dumps(row), *rows[number:]])
    assert ledger.verify()[0] == f"line {number}: it was changed"


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_removed_line_is_told(tmp_path: Path, number: int) -> None:
    """The line that stands where another one was is named."""
    ledger = filled(tmp_path)
    rows = lines(tmp_path)
    write(tmp_path, rows[: number - 1] + rows[number:])
    assert ledger.verify()[0].startswith(f"line {number}: it is entry {number + 1}")


def test_lines_cut_off_at_the_end_are_told(tmp_path: Path) -> None:
    """The head knows how many there were."""
    ledger = filled(tmp_path)
    write(tmp_path, lines(tmp_path)[:2])
    assert ledger.verify() == ("line 3: 2 missing at the end",)


def test_lines_added_at_the_end_are_told(tmp_path: Path) -> None:
    """A well-made entry that the head does not know is named."""
    ledger = filled(tmp_path, 2)
    head = (tmp_path / HEAD_FILE).read_text()
    add(ledger, "forged")
    (tmp_path / HEAD_FILE).write_text(head)
    assert ledger.verify()[0].startswith("line 3: it was never finished, or was added")


def test_a_garbled_line_is_told(tmp_path: Path) -> None:
    """A line that is no entry is named, by verify and when it is read."""
    ledger = filled(tmp_path)
    rows = lines(tmp_path)
    write(tmp_path, [rows[0], "{}", *rows[2:]])
    assert ledger.verify()[0] == "line 2: it is no entry"
    with pytest.raises(CorruptStore, match="line 2"):
        list(ledger.entries())


def test_a_damaged_head_is_told(tmp_path: Path) -> None:
    """Verify names the head, and nothing leaves."""
    ledger = filled(tmp_path)
    (tmp_path / HEAD_FILE).write_text("?")
    assert HEAD_FILE in ledger.verify()[0]
    with pytest.raises(CorruptStore):
        add(ledger, "more")


def test_a_lost_head_does_not_wipe_the_ledger(tmp_path: Path) -> None:
    """Without its head a ledger of several lines is not written over."""
    ledger = filled(tmp_path)
    (tmp_path / HEAD_FILE).unlink()
    with pytest.raises(CorruptStore, match="verify"):
        add(ledger, "more")
    assert len(lines(tmp_path)) == 4


@pytest.mark.parametrize("whole", [True, False], ids=["whole line", "half a line"])
def test_a_crash_between_line_and_head_is_mended(tmp_path: Path, whole: bool) -> None:
    """What a crash left behind did not leave the device: the next entry replaces it."""
    ledger = filled(tmp_path, 2)
    head = (tmp_path / HEAD_FILE).read_text()
    add(ledger, "never sent")
    (tmp_path / HEAD_FILE).write_text(head)
    if not whole:
        path = tmp_path / LEDGER_FILE
        path.write_bytes(path.read_bytes()[:-30])
    add(ledger, "sent")
    assert [entry.text for entry in ledger.entries()] == ["text 0", "text 1", "sent"]
    assert ledger.verify() == ()


def _append(home: Path, name: str) -> None:
    for index in range(10):
        add(Ledger(home), f"{name} {index}")


def test_two_programs_append_at_once(tmp_path: Path) -> None:
    """Entries of two processes make one chain, none is lost."""
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=_append, args=(tmp_path, n)) for n in "ab"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(entry.text for entry in Ledger(tmp_path).entries()) == sorted(
        f"{name} {index}" for name in "ab" for index in range(10)
    )
    assert Ledger(tmp_path).verify() == ()


@pytest.mark.parametrize("look", [Ledger.verify, Ledger.restart])
def test_an_entry_on_its_way_is_no_fault(
    tmp_path: Path, look: Callable[[Ledger], tuple[object, ...]]
) -> None:
    """A ledger that another program is writing is sound, and stays where it is."""
    ledger = filled(tmp_path, 1)
    writer = multiprocessing.get_context("spawn").Process(
        target=filled, args=(tmp_path, 300)
    )
    writer.start()
    found: set[tuple[object, ...]] = set()
    while writer.is_alive():
        found.add(look(ledger))
    writer.join()
    assert found <= {()}
    assert len(lines(tmp_path)) == 301


def test_a_home_that_is_not_there_is_made(tmp_path: Path) -> None:
    """The first departure makes the folder; only its owner reads the ledger."""
    home = tmp_path / "a" / "b"
    add(Ledger(home), "text")
    assert (home / LEDGER_FILE).stat().st_mode & 0o077 == 0
    assert (home / HEAD_FILE).stat().st_mode & 0o077 == 0


def test_nothing_leaves_without_a_ledger(tmp_path: Path) -> None:
    """Where the home cannot be written, nothing may leave."""
    (tmp_path / "file").write_text("")
    gate = Gate(ledger=Ledger(tmp_path / "file" / "home"))
    with pytest.raises(StoreError, match="nothing was sent"):
        gate.release(TO, "How far is the moon?")


def test_what_is_refused_is_not_recorded(tmp_path: Path) -> None:
    """The ledger holds what left and nothing else."""
    with pytest.raises(EgressDenied):
        Gate(label="personal", ledger=Ledger(Context(home=tmp_path).home)).release(
            TO, "secret words"
        )
    assert not (tmp_path / LEDGER_FILE).exists()


def _change_last(home: Path) -> None:
    write(home, [line.replace("text 3", "worst 3") for line in lines(home)])


def _change_last_in_place(home: Path) -> None:
    write(home, [line.replace("text 3", "text 9") for line in lines(home)])


def _change_first(home: Path) -> None:
    write(home, [line.replace("text 0", "worst 0") for line in lines(home)])


def _remove_first(home: Path) -> None:
    write(home, lines(home)[1:])


def _remove_last(home: Path) -> None:
    write(home, lines(home)[:-1])


def _remove_all(home: Path) -> None:
    (home / LEDGER_FILE).unlink()


def _change_head(home: Path) -> None:
    path = home / HEAD_FILE
    path.write_text(path.read_text().replace("4 ", "3 ", 1))


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(_change_last, id="the last line is another"),
        pytest.param(_change_last_in_place, id="one letter of the last line"),
        pytest.param(_change_first, id="an old line is longer"),
        pytest.param(_remove_first, id="a line was removed"),
        pytest.param(_remove_last, id="the last line was removed"),
        pytest.param(_remove_all, id="the ledger was deleted"),
        pytest.param(_change_head, id="the head was changed"),
    ],
)
def test_nothing_leaves_by_a_damaged_ledger(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """It is refused with the line and what to do, until the ledger is begun anew."""
    ledger = filled(tmp_path)
    damage(tmp_path)
    gate = Gate(ledger=ledger)
    with pytest.raises(EgressDenied, match=r"line \d: .*`agentkit egress restart`"):
        gate.release(TO, "How far is the moon?")
    assert ledger.restart()
    gate.release(TO, "How far is the moon?")
    assert [entry.number for entry in ledger.entries()] == [1]
    assert ledger.verify() == ()


def test_a_long_line_is_read_back_whole(tmp_path: Path) -> None:
    """Lines longer than what is read at once are checked like any other."""
    ledger = Ledger(tmp_path)
    for _ in range(3):
        add(ledger, "long " * 50_000)
    assert ledger.verify() == ()
    write(tmp_path, [line.replace("long", "lung", 1) for line in lines(tmp_path)])
    with pytest.raises(CorruptStore, match="line 3: it was changed"):
        add(ledger, "more")


def test_a_sound_ledger_is_not_moved(tmp_path: Path) -> None:
    """What is as it was stays where it is."""
    ledger = filled(tmp_path)
    assert ledger.restart() == ()
    assert len(lines(tmp_path)) == 4


def test_a_damaged_ledger_is_kept(tmp_path: Path) -> None:
    """Moved aside, it holds what it held."""
    ledger = filled(tmp_path)
    _change_last(tmp_path)
    held = ledger.path.read_bytes()
    assert held in [path.read_bytes() for path in ledger.restart()]
