"""A round over the letter box: each letter is taken once, and lies where a person finds it else."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from pathlib import Path

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError

from feedback.letters import reading, taking
from feedback.letters.answering import LaterError, Wire
from feedback.letters.box import FILED, FOR_A_PERSON, OF_MACHINES, Box, opened, standing
from feedback.letters.reading import UnreadableError
from feedback.letters.taking import Came, Fate, Why

log = structlog.get_logger("hoiam.letters")

ROUND_S = 20.0  # letters that go out wait for it
# A letter that breaks us is a person's after so many tries; one that waits for a mail server that is away,
# or does not take the answer, after some three days.
MOST_FAULTS, MOST_WAITS, LONGEST_WAIT_S = 5, 80, 60 * 60


def collect() -> Mapping[str, int]:
    """Take what has come; how many letters were what (`Came`), and how many still lie where.

    One at a time: nought of everything where another is at it. Twice: each letter is taken once. Raises
    BoxError, and what a database raises that is away; then each letter is where it was.
    """
    box, counts = opened(), Counter[str]()
    with _alone() as mine:
        if mine:
            box.make_folders()
            _go_through(box, counts)
            box.throw_away_old()
    told = {came.value: counts[came.value] for came in Came}
    return told | {"failed": counts["failed"], **standing(box)}


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else is at it, on any machine of this `var/`."""
    with (settings.VAR / "letters.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def _go_through(box: Box, counts: Counter[str]) -> None:
    letters = box.letters()
    tries, wire, until = Tries(letters), Wire(), time.monotonic() + ROUND_S
    try:
        for letter in tries.due(letters):
            if time.monotonic() > until:
                break
            if what := _taken(box, letter, tries, wire):
                counts[what] += 1
    finally:
        wire.close()


def _taken(box: Box, letter: Path, tries: Tries, wire: Wire) -> str:
    """What became of one letter, "" where it is to be tried again; it holds up no other."""
    if tries.of(letter).faults >= MOST_FAULTS:  # whoever tried it last died of it
        _give_up(box, letter, tries, True)
        return "failed"
    tries.begin(letter)
    try:
        fate = _fate(letter, wire)
        _finish(box, letter, fate, tries)
        return fate.came.value
    except (OperationalError, InterfaceError):
        _give_up(box, letter, tries, tries.wait(letter) >= MOST_WAITS)
        raise
    except (LaterError, OSError) as error:
        if not letter.exists():  # somebody else took it away
            tries.forget(letter)
            return ""
        log.warning("letter_waits", letter=letter.name[:60], error=type(error).__name__)
        code = error.code if isinstance(error, LaterError) else ""
        _give_up(box, letter, tries, tries.wait(letter) >= MOST_WAITS, code=code)
        return ""
    except Exception as error:
        log.error("letter_failed", letter=letter.name[:60], exc_info=error)
        _give_up(box, letter, tries, tries.of(letter).faults >= MOST_FAULTS)
        return "failed"


def _give_up(box: Box, letter: Path, tries: Tries, is_enough: bool, *, code: str = "") -> None:
    """`code`: of the petition in which it stands already, and only its answer did not go out."""
    if is_enough:
        with suppress(OSError):
            _finish(box, letter, Fate(Came.FILED if code else Came.REFUSED, Why.FAILED, code), tries)


def _fate(letter: Path, wire: Wire) -> Fate:
    try:
        with letter.open("rb") as file:
            if os.fstat(file.fileno()).st_size > reading.MOST_BYTES:
                head = reading.head_of(file.read(reading.MOST_HEAD))
                return taking.too_large(reading.read(head), wire, reading.MOST_BYTES)
            raw = file.read()
        return taking.take(reading.read(raw), wire)
    except UnreadableError:
        return Fate(Came.REFUSED, Why.UNREADABLE)


def _folder_of(fate: Fate) -> str:
    """ "" where nothing of it stays here: what was filed is erased with its petition alone."""
    if fate.why is None:
        return OF_MACHINES if fate.came in (Came.MACHINE, Came.REPORT) else ""
    return FILED if fate.came in (Came.FILED, Came.TOLD) else FOR_A_PERSON


def _finish(box: Box, letter: Path, fate: Fate, tries: Tries) -> None:
    if folder := _folder_of(fate):
        box.set_aside(letter, folder)
        if fate.why:
            log.info("letter_aside", letter=letter.name[:60], why=fate.why.value, code=fate.code)
    else:
        letter.unlink(missing_ok=True)
    tries.forget(letter)


# --- what was tried before ------------------------------------------------------------------------------


@dataclass
class Try:
    """How often a letter broke us, how often it waited, and until when it waits."""

    faults: int = 0
    waits: int = 0
    until: float = 0.0


class Tries:
    """Of the letters that are still here, kept in a file: whoever died of one finds that it was tried."""

    def __init__(self, letters: list[Path]) -> None:
        here = {_name(letter) for letter in letters}
        self._file = settings.VAR / "letters.json"
        self._of = {name: told for name, told in self._read().items() if name in here}

    def _read(self) -> dict[str, Try]:
        try:
            told = json.loads(self._file.read_text(encoding="utf-8"))
            return {name: Try(int(of[0]), int(of[1]), float(of[2])) for name, of in told.items()}
        except (OSError, ValueError, AttributeError, LookupError, TypeError):
            return {}

    def due(self, letters: list[Path]) -> list[Path]:
        """Those whose time has come; what was tried most comes last, and keeps nobody waiting."""
        ready = [letter for letter in letters if self.of(letter).until <= time.time()]
        return sorted(ready, key=lambda letter: (self.of(letter).faults + self.of(letter).waits, letter.name))

    def of(self, letter: Path) -> Try:
        return self._of.get(_name(letter), Try())

    def begin(self, letter: Path) -> None:
        """Counted as a fault until it is known to be none."""
        told = self._of.setdefault(_name(letter), Try())
        told.faults += 1
        self._write()

    def wait(self, letter: Path) -> int:
        """It was none: how often it has waited by now. The next round tries again, then ever later ones."""
        told = self._of[_name(letter)]
        told.faults, told.waits = max(0, told.faults - 1), told.waits + 1
        pause = min(60 * (2 ** min(told.waits - 1, 10) - 1), LONGEST_WAIT_S)
        told.until = time.time() + pause
        self._write()
        return told.waits

    def forget(self, letter: Path) -> None:
        self._of.pop(_name(letter), None)
        self._write()

    def _write(self) -> None:
        told = {name: astuple(one) for name, one in self._of.items()}
        new = self._file.with_suffix(".new")
        new.write_text(json.dumps(told), encoding="utf-8")
        new.replace(self._file)


def _name(letter: Path) -> str:
    """The same while it lies here, whatever a mail program marks it with."""
    return letter.name.partition(":2,")[0]
