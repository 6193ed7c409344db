"""JSON Lines in, JSON Lines out: the one loop behind every `--json` command."""

from __future__ import annotations

import datetime as dt
import json
import logging
import select
import sys
from collections.abc import Callable, Iterable
from typing import Any, NoReturn, TypeVar

from django.core.management.base import CommandParser
from django.utils import timezone

from routing.calendar import LOCAL
from routing.kept import one_version
from routing.ready import NOT_READY, ReadyCommand

log = logging.getLogger(__name__)

JSON_HELP = "JSON Lines từ stdin ra stdout; các trường: docs/operating.md, mục “What stands in the JSON”"
BOM = b"\xef\xbb\xbf"
Line = dict[str, Any]
T = TypeVar("T")


class LineError(ValueError):
    """What is wrong with one line, in Vietnamese; `exit` is the code that this error stands for.

    Most often the line says what cannot be meant, which is a fault of usage as with any option.
    """

    def __init__(self, message: str, exit_code: int = NOT_READY) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def answer_lines(
    lines: Iterable[bytes | str], say: Callable[[str], object], answer: Callable[[Line], Line]
) -> int:
    """Answer each JSON object in its order, its `id` echoed; a bad line gives `id`, `error` and `exit`.

    `exit` is 2 for what cannot be meant, 1 for an error of ours, else as `answer` says.
    Returns 0 when every line was answered, 1 when one was not. A ValueError of `answer` is told as it
    stands; anything else is logged on stderr and told as an internal error, and the next line goes on.
    """
    failed = 0
    for raw in lines:
        if not raw.strip():
            continue
        told = _answered(raw, answer)
        failed |= "error" in told
        say(dumped(told))
    return failed


def dumped(value: object) -> str:
    """One line of JSON, UTF-8 unescaped; a lone surrogate, which UTF-8 has not, stays an escape."""
    text = ENCODER.encode(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode()
    return text


ENCODER = json.JSONEncoder(ensure_ascii=False)


def _answered(raw: bytes | str, answer: Callable[[Line], Line]) -> Line:
    held: Line = {}
    try:
        held = _object(raw)
        return {"id": held.get("id"), **answer(held)}
    except LineError as wrong:
        return _refused(held, str(wrong), wrong.exit_code)
    except UnicodeError:  # half a character, which no database takes
        return _refused(held, "Dòng có ký tự không viết được bằng UTF-8.", NOT_READY)
    except ValueError as wrong:
        return _refused(held, str(wrong), NOT_READY)
    except Exception:
        log.exception("a line could not be answered")
        return _refused(held, "Lỗi nội bộ khi trả lời dòng này; xem nhật ký.", 1)


def _refused(held: Line, why: str, exit_code: int) -> Line:
    return {"id": held.get("id"), "error": why, "exit": exit_code}


def _object(raw: bytes | str) -> Line:
    try:
        text = raw.decode("utf-8-sig" if raw.startswith(BOM) else "utf-8") if isinstance(raw, bytes) else raw
        held = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise LineError("Dòng không phải JSON hợp lệ (UTF-8).") from None
    if not isinstance(held, dict):
        raise LineError("Mỗi dòng phải là một đối tượng JSON.")
    return held


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity, which Python reads and JSON has not


def value_of(line: Line, key: str, kind: type[T], default: T) -> T:
    """`line[key]` of that type; the default when it is absent or null. Raises LineError."""
    value = line.get(key)
    if value is None:
        return default
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise LineError(f"Trường {key!r} phải là {_NAMES.get(kind, kind.__name__)}.")
    return value


_NAMES: dict[type, str] = {
    str: "chuỗi",
    dict: "đối tượng",
    list: "danh sách",
    int: "số nguyên",
    bool: "true/false",
}


def day_of(line: Line, key: str, default: dt.date | None = None) -> dt.date:
    """A day 'YYYY-MM-DD'; where none is told the default, or today. Raises LineError."""
    text = value_of(line, key, str, "")
    try:
        return dt.date.fromisoformat(text) if text else default or timezone.localdate()
    except ValueError:
        raise LineError(f"Trường {key!r}: {text!r} không phải ngày dạng YYYY-MM-DD.") from None


def moment_of(text: object, key: str) -> dt.datetime:
    """A moment in ISO 8601; without a zone it is Vietnamese time, a bare day is its midnight.

    Aware, +07:00. Raises LineError, which names the field `key`.
    """
    if not isinstance(text, str):
        raise LineError(f"Trường {key!r} phải là thời điểm dạng 2026-11-20T09:00:00+07:00.")
    try:
        moment = dt.datetime.fromisoformat(text)
        return moment.astimezone(LOCAL) if moment.tzinfo else moment.replace(tzinfo=LOCAL)
    except (ValueError, OverflowError):
        raise LineError(
            f"Trường {key!r}: {text!r} không phải thời điểm dạng 2026-11-20T09:00:00+07:00."
        ) from None


class JsonLinesCommand(ReadyCommand):
    """A command that answers JSON Lines; subclasses say `answer(line)`."""

    requires_system_checks: list[str] = []
    # Tests hand lines over instead of a pipe.
    stealth_options = ("stdin",)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help=JSON_HELP)

    def answer(self, line: Line) -> Line:
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["json"]:
            self.stderr.write("Dùng --json và đưa vào stdin mỗi dòng một đối tượng JSON.")
            raise SystemExit(NOT_READY)
        lines = options.get("stdin") or sys.stdin.buffer
        code = answer_lines(lines, self._say, self.answer)
        self.stdout.flush()
        if code:
            raise SystemExit(code)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


class ReferenceLinesCommand(JsonLinesCommand):
    """Answers from reference data alone, as long as the lines come: looks each second whether it changed."""

    def handle(self, *args: Any, **options: Any) -> None:
        with one_version(lasts_s=1.0):
            super().handle(*args, **options)

    def _say(self, text: str) -> None:
        """Sent off at once where whoever asks waits; while more questions lie ready, in larger pieces."""
        self.stdout.write(text)
        if not _more_lies_ready():
            self.stdout.flush()


def _more_lies_ready() -> bool:
    try:
        return bool(select.select([sys.stdin], [], [], 0)[0])
    except (OSError, ValueError):  # no such thing to wait at
        return False
