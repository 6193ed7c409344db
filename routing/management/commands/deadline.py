"""`manage.py deadline --json`: by when, under which rule, and why that day."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from routing.calendar import local
from routing.deadlines import Deadline, Variant, count, due, explain
from routing.jsonlines import Line, LineError, ReferenceLinesCommand, day_of, moment_of, value_of
from routing.models import OFFICE_HOURS, Agency


class Command(ReferenceLinesCommand):
    help = "Tính thời hạn: đếm theo đơn vị, hoặc theo chính sách và bước; kèm lý do từng ngày."

    def answer(self, line: Line) -> Line:
        start = moment_of(line.get("start"), "start")
        pauses = [_pause(pause) for pause in value_of(line, "pauses", list, [])]
        hours, province, on_duty = _agency(line)
        if "policy" not in line:
            unit = value_of(line, "unit", str, "")
            return _told(count(unit, line.get("amount"), start, pauses, hours))  # type: ignore[arg-type]
        deadline = due(
            value_of(line, "policy", str, ""),
            value_of(line, "step", str, "resolve"),
            start=start,
            pauses=pauses,
            hours=hours,
            variant=_variant(value_of(line, "variant", dict, {})),
            on=day_of(line, "on", start.date()),
            province=province,
            on_duty=on_duty,
        )
        return _told(deadline)


def _agency(line: Line) -> tuple[str, str, bool]:
    """The office hours, the province whose own limits hold, and duty round the clock: the agency's, else as
    given; of no agency nobody is on duty."""
    code = value_of(line, "agency", str, "")
    if not code:
        return value_of(line, "office_hours", str, OFFICE_HOURS), value_of(line, "province", str, ""), False
    agency = Agency.objects.filter(code=code).first()
    if agency is None:
        raise LineError(f"Không có cơ quan {code!r}.")
    return agency.office_hours, agency.province_id or "", agency.round_the_clock


def _pause(pause: Any) -> tuple[Any, Any]:
    if not isinstance(pause, list) or len(pause) != 2:
        raise LineError("Mỗi khoảng tạm dừng trong 'pauses' phải là [từ, đến].")
    return moment_of(pause[0], "pauses"), moment_of(pause[1], "pauses")


def _variant(given: Line) -> Variant:
    known = [field.name for field in fields(Variant)]
    if unknown := sorted(given.keys() - known):  # a slip would silently give another day
        raise LineError(f"Trong 'variant' không có {', '.join(unknown)}; có: {', '.join(known)}.")
    variant = Variant(
        remote=value_of(given, "remote", bool, False),
        complex=value_of(given, "complex", bool, False),
        instance=value_of(given, "instance", int, 1),
        extensions=value_of(given, "extensions", int, 0),
    )
    if variant.instance not in (1, 2) or variant.extensions < 0:
        raise LineError("Trong 'variant', instance là 1 hoặc 2 và extensions không âm.")
    return variant


def _told(deadline: Deadline) -> Line:
    return {
        "due": local(deadline.at).isoformat(timespec="seconds"),
        "legal_due": deadline.legal_on.isoformat() if deadline.legal_on else None,
        "policy": deadline.policy or None,
        "version": deadline.version or None,
        "calendar_version": deadline.calendar_version,
        "article": deadline.article or None,
        "legal": deadline.legal or None,
        "why": explain(deadline),
        "trace": [entry.as_json() for entry in deadline.trace],
    }
