"""The signed days: their lines, what is missing of them, and each day's steps against its list."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from feedback import anchors
from feedback.anchors import Anchor, UnreadableError
from feedback.models import Petition
from feedback.verification.faults import Fault

# A day is anchored in the first hour after it; a house that stands still may be late.
LATE = dt.timedelta(days=2)


def check_anchors(bad: list[Fault], now: dt.datetime) -> int:
    """The chain of lines, their signatures, what is missing, and each day's steps against the database."""
    try:
        lines = anchors.chain()
    except UnreadableError as broken:
        bad.append(Fault("", 0, str(broken)))
        return 0
    bad += _chain_of_lines(lines)
    bad += _missing_lines({line.date: line.hash for line in lines}, now)
    return len(lines)


@dataclass(frozen=True)
class Day:
    """How one day's anchor stands; `line` None: there is none."""

    day: dt.date
    line: Anchor | None
    faults: tuple[Fault, ...]


def some_days(days: Collection[dt.date], *, whole: bool) -> list[Day]:
    """Those days in their order: signature, place in the chain, list, what the database has noted.

    `whole`: each day's steps against its list as well. Raises UnreadableError where the chain cannot be read.
    """
    lines, noted = anchors.chain(), anchors.noted_days()
    before = dict(zip(lines[1:], lines, strict=False))
    found = {line.date: line for line in lines}
    return [_one_day(day, found.get(day), before, noted.get(day, ""), whole=whole) for day in sorted(days)]


def _one_day(
    day: dt.date, line: Anchor | None, before: dict[Anchor, Anchor], noted: str, *, whole: bool
) -> Day:
    if line is None:
        gone = [Fault("", 0, f"neo ngày {day:%d/%m/%Y} bị gỡ: cơ sở dữ liệu còn ghi, mất dòng neo")]
        return Day(day, None, tuple(gone if noted else ()))
    faults = list(_line_faults(line, before.get(line)))
    if noted and noted != line.hash:
        faults.append(Fault("", 0, f"neo ngày {day:%d/%m/%Y} khác dòng neo mà cơ sở dữ liệu đã ghi"))
    return Day(day, line, (*faults, *(_day_faults(line) if whole else ())))


def not_in_list(line: Anchor, steps: Iterable[anchors.Tail]) -> list[anchors.Tail] | None:
    """Of these steps of that day those that its list does not hold; None where the list itself is wrong."""
    kept = anchors.kept_list(line.date)
    if anchors.digest_of(kept) != line.digest:
        return None
    held = set(kept)
    return [step for step in steps if step not in held]


def _chain_of_lines(lines: list[Anchor], place: Path | None = None) -> Iterator[Fault]:
    before: Anchor | None = None
    for line in lines:
        yield from _line_faults(line, before)
        yield from _day_faults(line, place)
        before = line


def _missing_lines(lines: dict[dt.date, str], now: dt.datetime) -> Iterator[Fault]:
    """Lines that the database or a list knows of, and days that have long been over."""
    noted = anchors.noted_days()
    for day in sorted(noted):
        if day not in lines:
            yield Fault("", 0, f"neo ngày {day:%d/%m/%Y} bị gỡ: cơ sở dữ liệu còn ghi, mất dòng neo")
        elif lines[day] != noted[day]:
            yield Fault("", 0, f"neo ngày {day:%d/%m/%Y} khác dòng neo mà cơ sở dữ liệu đã ghi")
    for day in sorted(anchors.listed_days() - lines.keys() - noted.keys()):
        yield Fault("", 0, f"neo ngày {day:%d/%m/%Y} bị gỡ: còn danh sách, mất dòng neo")
    if not settings.CLOCK_OPEN:  # where the clock is pretended days are anchored by hand
        yield from _unanchored(lines.keys() | noted.keys(), timezone.localdate(now - LATE))


def _unanchored(anchored: set[dt.date], until: dt.date) -> Iterator[Fault]:
    """Days with steps that nobody signed: also where no line and no note of any is left."""
    last = max(anchored, default=dt.date.max)
    for day in anchors.days_with_steps(until):
        if day not in anchored:
            late = anchored and day < last  # it was not there when the days around it were signed
            cure = "có bước ghi lùi ngày" if late else "chạy “manage.py anchor”, xem nhật ký của “work”"
            yield Fault("", 0, f"ngày {day:%d/%m/%Y} chưa có neo: {cure}")


def copy_faults(place: Path) -> Iterator[Fault]:
    """A copy that this house could not write to: its lines must still stand here, and so must its steps.

    Raises UnreadableError where there is no line in it.
    """
    lines = anchors.chain(place)
    if not lines:
        raise UnreadableError(f"Không có neo nào trong {place} (chain.jsonl).")
    try:
        here = {line.date: line.hash for line in anchors.chain()}
    except UnreadableError:
        here = {}
    yield from _chain_of_lines(lines, place)
    for line in lines:
        if here.get(line.date) != line.hash:
            yield Fault("", 0, f"neo ngày {line.date:%d/%m/%Y} ở đây mất hoặc khác bản giữ riêng")


def _line_faults(line: Anchor, before: Anchor | None) -> Iterator[Fault]:
    day = f"{line.date:%d/%m/%Y}"
    if not anchors.is_signed(line):
        yield Fault("", 0, f"neo ngày {day}: chữ ký không đúng")
    if line.previous != (before.hash if before else ""):
        yield Fault("", 0, f"neo ngày {day}: không nối với neo trước, có neo bị gỡ hoặc đổi chỗ")
    elif line.root != anchors.root_of(before.root if before else "", line.digest):
        yield Fault("", 0, f"neo ngày {day}: gốc không khớp")


def _day_faults(line: Anchor, place: Path | None = None) -> Iterator[Fault]:
    now = anchors.steps_of(line.date)
    if anchors.digest_of(now) == line.digest:
        return
    day = f"{line.date:%d/%m/%Y}"
    then = anchors.kept_list(line.date, place)
    if anchors.digest_of(then) != line.digest:
        yield Fault("", 0, f"neo ngày {day}: danh sách bước bị sửa hoặc mất")
        return
    missing, extra = set(then) - set(now), set(now) - set(then)
    altered = {(code, seq) for code, seq, _hash in missing} & {(code, seq) for code, seq, _hash in extra}
    for code, seq in sorted(altered):
        yield Fault(code, seq, f"khác bước đã neo ngày {day}")
    gone: dict[str, int] = defaultdict(int)
    for code, seq, _hash in missing:
        if (code, seq) not in altered:
            gone[code] = max(gone[code], seq)
    for code, seq in sorted(gone.items()):
        kept = Petition.objects.filter(code=code).exists()
        yield Fault(code, seq, "bước đã neo bị cắt mất" if kept else "đơn đã neo bị xóa")
    for code, seq, _hash in sorted(extra):
        if (code, seq) not in altered:
            yield Fault(code, seq, f"bước được thêm sau khi đã neo ngày {day}")
