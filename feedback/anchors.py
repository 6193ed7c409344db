"""Anchors: one signed line a day, kept outside the database, from which a later lie can be told.

A day's file lists every step of that day as `code seq hash`; the day's line holds the digest of that
file, a root that covers all days so far, and the hash of the line before; it is signed with Ed25519.
Anyone who kept an old line can show that the past was changed. The hash of each line stands in the
database as well, so that neither of the two is taken away unseen.
"""

from __future__ import annotations

import datetime as dt
import errno
import gzip
import hashlib
import json
import logging
import os
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db.models import Max
from django.db.models.functions import TruncDate
from django.utils import timezone

from feedback.models import AnchoredDay, Step
from routing.telling import start_of

log = logging.getLogger(__name__)

# A step is dated when it begins and seen when it is committed: late ones of the day must be in.
SETTLING = dt.timedelta(minutes=10)

Tail = tuple[str, int, str]  # code, seq, hash


@dataclass(frozen=True)
class Anchor:
    """One line of the chain, as it stands in the file."""

    date: dt.date
    steps: int  # so far, all days
    digest: str  # of the day's list
    root: str  # sha256(root of the day before + digest)
    previous: str  # hash of the line before, "" for the first
    signature: str  # hex, over the line without it

    def signed_text(self) -> str:
        told = {
            "date": self.date.isoformat(),
            "digest": self.digest,
            "previous": self.previous,
            "root": self.root,
            "steps": self.steps,
        }
        return json.dumps(told, sort_keys=True, separators=(",", ":"))

    def line(self) -> str:
        return json.dumps(
            json.loads(self.signed_text()) | {"signature": self.signature},
            sort_keys=True,
            separators=(",", ":"),
        )

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.line().encode()).hexdigest()


def folder() -> Path:
    """`var/anchors`; keep a copy of it where nobody of this house can write."""
    return Path(settings.VAR) / "anchors"


class UnreadableError(ValueError):
    """A line that is no anchor: one Vietnamese sentence that names it."""


def chain(place: Path | None = None) -> list[Anchor]:
    """The lines kept so far, oldest first; of this house, or of a copy at `place`.

    A last line that a full disk or a power cut left unfinished was never there: the day is anchored anew.
    Raises UnreadableError for any other line that cannot be read.
    """
    path = (place or folder()) / "chain.jsonl"
    if not path.exists():
        return []
    lines = path.read_bytes()
    return _read_all(lines[: _whole(lines)])


def _read_all(lines: bytes) -> list[Anchor]:
    anchors = []
    for number, line in enumerate(lines.splitlines(), start=1):
        try:
            anchors += [_read(line)] if line.strip() else []
        except (ValueError, TypeError, KeyError):
            raise UnreadableError(f"Tệp neo chain.jsonl hỏng ở dòng {number}.") from None
    return anchors


def _whole(lines: bytes) -> int:
    """How many bytes stand in whole lines; the last one may lack its end and still be whole."""
    ends = lines.rfind(b"\n") + 1
    try:
        _read(lines[ends:])
    except (ValueError, TypeError, KeyError):
        return ends
    return len(lines)


def _read(line: bytes) -> Anchor:
    told: dict[str, Any] = json.loads(line)
    told["date"] = dt.date.fromisoformat(told["date"])
    return Anchor(**told)


def kept_list(day: dt.date, place: Path | None = None) -> list[Tail]:
    """The steps of that day as they were anchored; nothing when the file is gone or broken."""
    try:
        with gzip.open(_list_path(day, place), "rt", encoding="ascii") as lines:
            return [_tail(line) for line in lines if line.strip()]
    except (OSError, EOFError, ValueError, zlib.error):
        return []


def listed_days() -> set[dt.date]:
    """Days whose list is there; each must have its line."""
    return {dt.date.fromisoformat(path.name[:10]) for path in folder().glob("????-??-??.txt.gz")}


def noted_days() -> dict[dt.date, str]:
    """The days whose line the database knows of, and the hash of each."""
    return dict(AnchoredDay.objects.values_list("day", "hash"))


def _tail(line: str) -> Tail:
    code, seq, digest = line.split()
    return code, int(seq), digest


def steps_of(day: dt.date) -> list[Tail]:
    """Every step of that local day, in the order of their codes."""
    start = start_of(day)
    rows = Step.objects.filter(at__gte=start, at__lt=start + dt.timedelta(days=1))
    return sorted(rows.values_list("petition__code", "seq", "hash"))


def days_with_steps(until: dt.date) -> list[dt.date]:
    """Local days before that one on which something happened."""
    rows = Step.objects.filter(at__lt=start_of(until))
    return list(rows.annotate(day=TruncDate("at")).order_by("day").values_list("day", flat=True).distinct())


# How long a process may go on with what it knows of anchored days, by a clock that nobody sets.
KNOWN_FOR_S = 60.0
_known: tuple[float, dt.datetime | None] | None = None  # when it was asked, when the first open day begins


def not_before(moment: dt.datetime) -> dt.datetime:
    """The moment, or the first one after the last anchored day: a clock that was set back adds nothing to it.

    A day is anchored ten minutes after its end, so what this process learnt within a minute is enough.
    """
    begins = _first_open_day()
    if begins is None or moment >= begins:
        return moment
    log.warning("the clock is behind the last anchored day", extra={"until": begins.isoformat()})
    return begins


def _first_open_day() -> dt.datetime | None:
    global _known
    if _known is None or time.monotonic() - _known[0] > KNOWN_FOR_S:
        last = AnchoredDay.objects.aggregate(last=Max("day"))["last"]
        _known = (time.monotonic(), start_of(last + dt.timedelta(days=1)) if last else None)
    return _known[1]


def forget() -> None:
    """Ask the database anew at the next step."""
    global _known
    _known = None


def make(*, now: dt.datetime | None = None) -> list[Anchor]:
    """Anchor every day that is over and not anchored yet. Twice, or by two at once: one line a day.

    Raises UnreadableError, and OSError where nothing can be written: then no line is left half written.
    """
    last_day = timezone.localdate((now or timezone.now()) - SETTLING) - dt.timedelta(days=1)
    kept = chain()
    noted = noted_days()
    _note([line for line in kept if line.date not in noted])
    made = []
    for day in _days(kept, last_day):
        anchor = _anchor(day, kept[-1] if kept else None)
        if not _append(anchor, len(kept)):
            break  # another process was first
        _note([anchor])
        kept.append(anchor)
        made.append(anchor)
    return made


def _note(anchors: list[Anchor]) -> None:
    """What the database has noted of a day stays, also where another line was written for it since."""
    AnchoredDay.objects.bulk_create(
        [AnchoredDay(day=line.date, hash=line.hash) for line in anchors], ignore_conflicts=True
    )
    forget()


def _days(kept: list[Anchor], last: dt.date) -> Iterator[dt.date]:
    if kept:
        day = kept[-1].date + dt.timedelta(days=1)
    else:
        first = Step.objects.order_by("at").values_list("at", flat=True).first()
        day = timezone.localdate(first) if first else last + dt.timedelta(days=1)
    while day <= last:
        yield day
        day += dt.timedelta(days=1)


def _anchor(day: dt.date, before: Anchor | None) -> Anchor:
    tails = steps_of(day)
    digest = digest_of(tails)
    _write_list(day, tails)
    anchor = Anchor(
        date=day,
        steps=(before.steps if before else 0) + len(tails),
        digest=digest,
        root=root_of(before.root if before else "", digest),
        previous=before.hash if before else "",
        signature="",
    )
    signature = sign(anchor.signed_text().encode())
    return Anchor(**{**anchor.__dict__, "signature": signature})


def digest_of(tails: Iterable[Tail]) -> str:
    text = "".join(f"{code} {seq} {digest}\n" for code, seq, digest in tails)
    return hashlib.sha256(text.encode()).hexdigest()


def root_of(before: str, digest: str) -> str:
    return hashlib.sha256((before + digest).encode()).hexdigest()


def is_signed(anchor: Anchor) -> bool:
    try:
        public_key().verify(bytes.fromhex(anchor.signature), anchor.signed_text().encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def public_key() -> Ed25519PublicKey:
    return _key().public_key()


def public_key_hex() -> str:
    """The published key: 32 bytes in hexadecimal."""
    return public_key().public_bytes_raw().hex()


def fingerprint() -> str:
    """SHA-256 of the published key in groups of four: short enough to be read out and compared."""
    digest = hashlib.sha256(public_key().public_bytes_raw()).hexdigest()[:32]
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def sign(text: bytes) -> str:
    """The house's signature on it, in hexadecimal."""
    return _key().sign(text).hex()


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(settings.SIGNING_KEY))


def _list_path(day: dt.date, place: Path | None = None) -> Path:
    return (place or folder()) / f"{day.isoformat()}.txt.gz"


def _write_list(day: dt.date, tails: Iterable[Tail]) -> None:
    folder().mkdir(parents=True, exist_ok=True)
    draft = _list_path(day).with_suffix(f".{os.getpid()}")
    try:
        with gzip.GzipFile(draft, "wb", mtime=0) as out:
            out.writelines(f"{code} {seq} {digest}\n".encode() for code, seq, digest in tails)
        draft.replace(_list_path(day))
    finally:
        draft.unlink(missing_ok=True)
    (folder() / "public_key.txt").write_text(public_key_hex() + "\n", encoding="ascii")


def _append(anchor: Anchor, expected: int) -> bool:
    """Add the line if nobody added one meanwhile; the whole line or nothing."""
    import fcntl

    with (folder() / "chain.jsonl").open("a+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        lines = file.read()
        whole = _whole(lines)
        if sum(1 for line in lines[:whole].splitlines() if line.strip()) != expected:
            return False
        file.truncate(whole)
        begin = b"" if lines[:whole].endswith(b"\n") or not whole else b"\n"
        _write_whole(file, begin + anchor.line().encode() + b"\n", at=whole)
    return True


def _write_whole(file: IO[bytes], line: bytes, *, at: int) -> None:
    try:
        if file.write(line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(file.fileno())
    except OSError:
        file.truncate(at)
        raise
