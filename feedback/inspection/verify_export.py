#!/usr/bin/env python3
"""Kiểm tra một hồ sơ thanh tra của Hồi Âm. / Verify an inspection export of Hồi Âm, on any machine.

    python3 verify_export.py FILE.zip [--key KHÓA]

Needs Python 3.9 or newer and nothing else; reads the ZIP, writes nothing, asks no network. Says which file,
which row, which cell is not what the house signed. Exit code 0: all as signed; 1: something is not; 2: the
file cannot be read. `--key` is the public key (64 hexadecimal digits) as the house has published it; without
it the key in the ZIP is used, which shows only that the ZIP fits itself.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import hashlib
import io
import json
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any

MANIFEST, SIGNATURE = "MANIFEST.json", "MANIFEST.sig"
CHAIN, LISTS = "anchors/chain.jsonl", "anchors/lists/"
FORMAT = "hoi-am-inspection-1"
MOST_TOLD = 200
MOST_BYTES_OF_MANIFEST = 512 * 1024 * 1024

# --- Ed25519, RFC 8032 5.1.7: verification alone, nothing secret is handled -------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _x_of(y: int, odd: int) -> int | None:
    """The x that belongs to y on the curve, with that lowest bit."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and odd):
        return None
    return x if x & 1 == odd else P - x


def _point(data: bytes) -> tuple[int, int, int, int] | None:
    """A point in extended coordinates from its 32 bytes; None where there is none."""
    told = int.from_bytes(data, "little")
    y = told & ((1 << 255) - 1)
    x = _x_of(y, told >> 255)
    return None if x is None else (x, y, 1, x * y % P)


def _add(p: tuple[int, int, int, int], q: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = _add(found, point)
        point, number = _add(point, point), number >> 1
    return found


_Y = 4 * pow(5, P - 2, P) % P
_X = _x_of(_Y, 0) or 0
BASE = (_X, _Y, 1, _X * _Y % P)


def is_signed(key: bytes, text: bytes, signature: bytes) -> bool:
    """Whether this Ed25519 signature (64 bytes) of that text is by the holder of this key (32 bytes)."""
    if len(key) != 32 or len(signature) != 64:
        return False
    point, nonce = _point(key), _point(signature[:32])
    number = int.from_bytes(signature[32:], "little")
    if point is None or nonce is None or number >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % ORDER
    left, right = _times(number, BASE), _add(nonce, _times(challenge, point))
    return (
        not (left[0] * right[2] - right[0] * left[2]) % P
        and not (left[1] * right[2] - right[1] * left[2]) % P
    )


# --- what is told -----------------------------------------------------------------------------------------


class Told:
    """What is wrong so far, each in Vietnamese and English."""

    def __init__(self) -> None:
        self.wrong = 0

    def bad(self, vietnamese: str, english: str) -> None:
        self.wrong += 1
        if self.wrong <= MOST_TOLD:
            print(f"SAI: {vietnamese}\n     WRONG: {english}")

    @staticmethod
    def note(vietnamese: str, english: str) -> None:
        print(f"{vietnamese}\n     {english}")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def fingerprint(key: bytes) -> str:
    digest = sha256(key)[:32]
    return " ".join(digest[at : at + 4] for at in range(0, 32, 4))


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


# --- the manifest and the entries -------------------------------------------------------------------------


def read_manifest(archive: zipfile.ZipFile, given: str, told: Told) -> dict[str, Any]:
    """The manifest, once it is known who signed it; ValueError, KeyError where it is none of ours."""
    if archive.getinfo(MANIFEST).file_size > MOST_BYTES_OF_MANIFEST:
        raise ValueError("MANIFEST.json")
    text = archive.read(MANIFEST)
    manifest: dict[str, Any] = json.loads(text)
    if manifest.get("format") != FORMAT:
        raise ValueError(f"format {manifest.get('format')!r}")
    inside = bytes.fromhex(manifest["key"])
    key = bytes.fromhex(given) if given else inside
    try:
        signature = bytes.fromhex(archive.read(SIGNATURE).decode("ascii").strip())
    except (KeyError, ValueError):
        signature = b""
    if given and key != inside:
        told.bad(
            f"khóa bạn đưa không phải khóa ghi trong hồ sơ (dấu vân tay {fingerprint(inside)})",
            f"the key that you gave is not the one in the export (fingerprint {fingerprint(inside)})",
        )
    if is_signed(key, text, signature):
        told.note("Chữ ký của MANIFEST.json đúng.", "The signature of MANIFEST.json is right.")
    else:
        told.bad(
            "MANIFEST.json đã bị đổi, hoặc không do khóa này ký: đừng tin những gì còn lại",
            "MANIFEST.json was changed, or is not signed with this key: do not trust the rest",
        )
    if not given:
        told.note(
            "CHÚ Ý: khóa lấy từ chính hồ sơ. Hãy so dấu vân tay này với dấu cơ quan đã công bố, "
            f"hoặc chạy lại với --key: {fingerprint(inside)}",
            "NOTE: the key comes from the export itself. Compare this fingerprint with the published one.",
        )
    return manifest


def check_entries(archive: zipfile.ZipFile, manifest: dict[str, Any], told: Told) -> None:
    """Each file of the ZIP against its digest: exchanged, missing, added, twice."""
    names = Counter(info.filename for info in archive.infolist())
    for name, times in names.items():
        if times > 1:
            told.bad(f"tệp {name} có {times} bản", f"file {name} is there {times} times")
    expected = manifest["entries"]
    for name in sorted(names.keys() - expected.keys() - {MANIFEST, SIGNATURE}):
        told.bad(f"tệp {name} bị thêm vào, không ai ký", f"file {name} was added, nobody signed it")
    for name, entry in expected.items():
        if name not in names:
            told.bad(f"thiếu tệp {name}", f"file {name} is missing")
            continue
        digest = hashlib.sha256()
        with archive.open(name) as file:
            for chunk in iter(lambda file=file: file.read(1 << 20), b""):  # type: ignore[misc]
                digest.update(chunk)
        if digest.hexdigest() != entry["sha256"]:
            told.bad(f"tệp {name} bị sửa hoặc đánh tráo", f"file {name} was changed or exchanged")


# --- sheets -----------------------------------------------------------------------------------------------


def rows_of(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[int, list[str]]]:
    """The number of each line as a spreadsheet counts it, and its cells; the first is the head."""
    with archive.open(name) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        yield from enumerate(csv.reader(text), start=1)


def check_sheet(archive: zipfile.ZipFile, name: str, sheet: dict[str, Any], told: Told) -> None:
    """Each row against the digests of its cells: which cell was changed, which row is missing or added."""
    columns, keys = sheet["columns"], [sheet["columns"].index(name) for name in sheet["key"]]
    left = dict(sheet["rows"])
    seen: dict[str, int] = {}
    number = 0
    for number, cells in rows_of(archive, name):
        if number == 1:
            if cells != columns:
                told.bad(f"{name}: dòng đầu (tên cột) bị đổi", f"{name}: the head was changed")
            continue
        key = " ".join(cells[at] for at in keys if at < len(cells))
        if key in seen:
            told.bad(f"{name} dòng {number}: lặp lại {key}", f"{name} line {number}: {key} once more")
        elif key not in left:
            told.bad(
                f"{name} dòng {number}: dòng {key} bị thêm vào, hoặc ô khóa của nó bị đổi",
                f"{name} line {number}: row {key} was added, or its key was changed",
            )
        else:
            seen[key] = number
            check_cells(name, number, columns, cells, left.pop(key), told)
    for key in left:
        told.bad(f"{name}: thiếu dòng {key}", f"{name}: row {key} is missing")
    if number == len(seen) + 1 == len(sheet["rows"]) + 1:  # none is missing or added: each has its line
        check_places(name, seen, sheet["rows"], told)


def check_places(name: str, seen: dict[str, int], rows: dict[str, list[str]], told: Told) -> None:
    for key, number in seen.items():
        place = next(iter(rows[key][2:]), str(number))  # an export of before tells no lines
        if place != str(number):
            told.bad(
                f"{name} dòng {number}: dòng {key} bị đổi chỗ, khi ký ở dòng {place}",
                f"{name} line {number}: row {key} was moved, it was signed as line {place}",
            )


def check_cells(
    name: str, number: int, columns: list[str], cells: list[str], expected: list[str], told: Told
) -> None:
    if sha256(canonical(cells).encode()) == expected[0]:
        return
    size = len(expected[1]) // max(len(columns), 1)
    short = [expected[1][at : at + size] for at in range(0, len(expected[1]), size)]
    wrong = [
        column
        for column, cell, digest in zip(columns, cells, short)
        if sha256(cell.encode())[:size] != digest
    ]
    which = ", ".join(wrong) if wrong and len(cells) == len(columns) else "?"
    told.bad(f"{name} dòng {number}: ô {which} bị sửa", f"{name} line {number}: cell {which} was changed")


# --- chains -----------------------------------------------------------------------------------------------

NEUTRAL = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What a petition says of itself, and the column of its last step that it is a copy of.
OF_THE_LAST = {
    "state": "after",
    "lead": "lead_agency",
    "kind": "kind",
    "subfield": "subfield",
    "channel": "channel",
    "party": "party",
    "due_at": "due_at",
    "first_due_at": "first_due_at",
    "last_hash": "hash",
    "steps": "seq",
}
BESIDE = ("petition", "who", "hash", "record")  # columns of a step that its record does not hold as they are

Step = dict[str, str]  # column: cell
Tail = tuple[str, str, str]  # petition, number, hash


def as_cell(value: Any) -> str:
    """What stands in a record, as it is written into a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        text = "true" if value else "false"
    else:
        text = canonical(value) if isinstance(value, (dict, list)) else str(value)
    return "'" + text if text.lstrip(" ").startswith(NEUTRAL) else text


def named_rows(archive: zipfile.ZipFile, name: str, manifest: dict[str, Any]) -> Iterator[tuple[int, Step]]:
    """The number of each line but the first, and its cells by the columns that were signed."""
    columns = manifest["sheets"][name]["columns"]
    for number, cells in rows_of(archive, name):
        if number > 1:
            padded = cells + [""] * (len(columns) - len(cells))
            yield number, dict(zip(columns, padded))


def check_chains(
    archive: zipfile.ZipFile, manifest: dict[str, Any], told: Told
) -> tuple[dict[str, Step], dict[str, list[Tail]]]:
    """Each chain; the last step of each petition, and the steps of each day as anchors list them."""
    last: dict[str, Step] = {}
    days: dict[str, list[Tail]] = {}
    for number, step in named_rows(archive, "steps.csv", manifest):
        check_step(number, step, last.get(step["petition"]), told)
        last[step["petition"]] = step
        days.setdefault(local_day(step["at"]), []).append((step["petition"], step["seq"], step["hash"]))
    return last, days


def check_step(number: int, step: Step, before: Step | None, told: Told) -> None:
    """Row `number` of steps.csv against its own hash, the step before it, and what its record says."""
    where_vi = f"steps.csv dòng {number}, đơn {step['petition']} bước {step['seq']}"
    where_en = f"steps.csv line {number}, petition {step['petition']} step {step['seq']}"
    if sha256(step["record"].encode()) != step["hash"]:
        told.bad(f"{where_vi}: nội dung ghi không khớp mã băm", f"{where_en}: its record is not as hashed")
    expected = str(number_of(before["seq"]) + 1 if before else 1)
    if step["seq"] != expected:
        told.bad(f"{where_vi}: lẽ ra là bước {expected}", f"{where_en}: step {expected} should stand here")
    elif step["previous"] != (before["hash"] if before else ""):
        told.bad(f"{where_vi}: không nối với bước trước", f"{where_en}: not linked to the step before")
    try:
        record = json.loads(step["record"])
    except ValueError:
        told.bad(f"{where_vi}: không đọc được nội dung ghi", f"{where_en}: its record cannot be read")
        return
    if record.get("petition") != step["petition"]:
        told.bad(f"{where_vi}: nội dung ghi là của đơn khác", f"{where_en}: recorded of another petition")
    which = ", ".join(name for name in step if name not in BESIDE and step[name] != as_cell(record.get(name)))
    if which:
        told.bad(f"{where_vi}: ô {which} khác nội dung đã ghi", f"{where_en}: {which} is not as recorded")


def number_of(cell: str) -> int:
    return int(cell) if cell.isdecimal() else 0


def check_petitions(
    archive: zipfile.ZipFile, manifest: dict[str, Any], last: dict[str, Step], told: Told
) -> int:
    """Each petition against its last step."""
    found = 0
    for number, petition in named_rows(archive, "petitions.csv", manifest):
        found += 1
        code, step = petition["code"], last.get(petition["code"])
        where_vi, where_en = (
            f"petitions.csv dòng {number}, đơn {code}",
            f"petitions.csv line {number}, {code}",
        )
        if step is None:
            told.bad(f"{where_vi}: không có bước nào", f"{where_en}: it has no step")
            continue
        which = ", ".join(name for name, of in OF_THE_LAST.items() if petition[name] != step[of])
        if which:
            told.bad(f"{where_vi}: ô {which} khác bước cuối", f"{where_en}: {which} is not as its last step")
    return found


def check_files(archive: zipfile.ZipFile, manifest: dict[str, Any], told: Told) -> int:
    """Each enclosed file by the digest that its row tells."""
    found = 0
    for number, file in named_rows(archive, "files.csv", manifest):
        found += 1
        entry = manifest["entries"].get(file["path"])
        if entry and entry["sha256"] != file["sha256"]:
            told.bad(
                f"{file['path']} không phải tệp đã nhận: mã băm ở files.csv dòng {number} khác",
                f"{file['path']} is not the file received: files.csv line {number} tells another digest",
            )
    return found


# --- anchors ----------------------------------------------------------------------------------------------


def local_day(at: str) -> str:
    """The day in Vietnam (UTC+7, no summer time) of a moment such as 2026-11-28T17:30:00.000000Z."""
    try:
        moment = dt.datetime.strptime(at, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=dt.timezone.utc)
    except ValueError:
        return ""
    return (moment + dt.timedelta(hours=7)).date().isoformat()


def check_anchors(
    archive: zipfile.ZipFile,
    manifest: dict[str, Any],
    days: dict[str, list[Tail]],
    key: bytes,
    told: Told,
) -> tuple[int, int]:
    """The lines and their order, the signatures of the days that count here, and their lists.

    A line holds the hash of the one before: one signature vouches for all lines before it.
    """
    if CHAIN not in manifest["entries"]:
        return 0, 0
    lines = [json.loads(line) for line in archive.read(CHAIN).decode("ascii").splitlines() if line.strip()]
    before: dict[str, Any] | None = None
    last = lines[-1]["date"] if lines else ""
    held = 0
    for line in lines:
        check_line(line, before, key if line["date"] in days or line["date"] == last else None, told)
        name = f"{LISTS}{line['date']}.txt"
        if name in manifest["entries"] and name in archive.namelist():
            held += check_list(archive.read(name), line, days.get(line["date"], []), told)
        before = line
    return len(lines), held


def check_line(line: dict[str, Any], before: dict[str, Any] | None, key: bytes | None, told: Told) -> None:
    day = line["date"]
    signed = canonical({name: value for name, value in line.items() if name != "signature"}).encode()
    previous = sha256(canonical(before).encode()) if before else ""
    if line["previous"] != previous:
        told.bad(f"neo ngày {day}: không nối với neo trước", f"anchor of {day}: not linked to the one before")
    elif line["root"] != sha256(((before["root"] if before else "") + line["digest"]).encode()):
        told.bad(f"neo ngày {day}: gốc không khớp", f"anchor of {day}: its root does not fit")
    if key is not None and not is_signed(key, signed, bytes.fromhex(line["signature"])):
        told.bad(f"neo ngày {day}: chữ ký không đúng", f"anchor of {day}: wrong signature")


def check_list(text: bytes, line: dict[str, Any], steps: list[Tail], told: Told) -> int:
    """The list of a day against its signed line, and the steps of this export against the list."""
    day = line["date"]
    if sha256(text) != line["digest"]:
        told.bad(f"neo ngày {day}: danh sách bước bị sửa", f"anchor of {day}: its list was changed")
        return 0
    listed = set(text.decode("ascii").splitlines())
    for code, seq, digest in steps:
        if f"{code} {seq} {digest}" not in listed:
            told.bad(
                f"đơn {code} bước {seq} không có trong danh sách đã ký của ngày {day}",
                f"petition {code} step {seq} is not in the signed list of {day}",
            )
    return len(steps)


# --- all of it --------------------------------------------------------------------------------------------


def verify(file: IO[bytes], given: str, told: Told) -> None:
    with zipfile.ZipFile(file) as archive:
        manifest = read_manifest(archive, given, told)
        check_entries(archive, manifest, told)
        there = set(archive.namelist())
        for name, sheet in manifest["sheets"].items():
            if name in there:
                check_sheet(archive, name, sheet, told)
        steps, days = check_chains(archive, manifest, told) if "steps.csv" in there else ({}, {})
        petitions = check_petitions(archive, manifest, steps, told) if "petitions.csv" in there else 0
        files = check_files(archive, manifest, told) if "files.csv" in there else 0
        key = bytes.fromhex(given or manifest["key"])
        lines, held = check_anchors(archive, manifest, days, key, told) if CHAIN in there else (0, 0)
    count = sum(len(of) for of in days.values())
    for lack in manifest.get("lacks", ()):
        told.note(f"Hồ sơ tự ghi là thiếu: {lack}", f"The export itself says that it lacks: {lack}")
    for day in manifest.get("left_out", ()):
        told.note(
            f"Ngày {day}: danh sách không kèm theo vì có đơn ngoài phạm vi của người lấy; "
            f"{len(days.get(day, ()))} bước của ngày này chỉ được đối chiếu theo chuỗi.",
            f"{day}: its list is left out, it names petitions barred to whoever asked.",
        )
    told.note(
        f"Đã xem {petitions} đơn, {count} bước, {files} tệp, {lines} neo; "
        f"{held} bước được đối chiếu với danh sách đã ký.",
        f"Looked at {petitions} petitions, {count} steps, {files} files, {lines} anchors; "
        f"{held} steps held against a signed list.",
    )


def is_key(told: str) -> bool:
    try:
        return len(bytes.fromhex(told)) == 32
    except ValueError:
        return False


# What a file can be broken into: bits turned, a list where a table should be, parts in parts without end.
UNREADABLE = (
    OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError,
    NotImplementedError, RuntimeError, MemoryError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def main() -> int:
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_told: None)(encoding="utf-8", errors="replace")
    csv.field_size_limit(1 << 30)
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("file", help="FILE.zip")
    asked.add_argument("--key", default="", help="khóa công khai đã công bố (64 chữ số) / the published key")
    options = asked.parse_args()
    if options.key and not is_key(options.key):
        asked.error("--key: 64 chữ số thập lục phân / 64 hexadecimal digits")
    told = Told()
    try:
        with open(options.file, "rb") as file:
            verify(file, options.key, told)
    except UNREADABLE as error:
        print(f"KHÔNG ĐỌC ĐƯỢC hồ sơ: {error}\n     The export CANNOT BE READ: {error}", file=sys.stderr)
        return 1 if told.wrong else 2
    if told.wrong > MOST_TOLD:
        told.note(f"... và {told.wrong - MOST_TOLD} chỗ nữa.", f"... and {told.wrong - MOST_TOLD} more.")
    if told.wrong:
        told.note(f"KẾT QUẢ: {told.wrong} chỗ không đúng.", f"RESULT: {told.wrong} things are wrong.")
        return 1
    told.note("KẾT QUẢ: mọi thứ đúng như đã ký.", "RESULT: everything is as it was signed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
