"""`manage.py locate --json`: the commune of today that a text, a point or an old address means."""

from __future__ import annotations

from django.conf import settings

from classifier.places import PlaceMention, shipped
from routing.jsonlines import Line, LineError, ReferenceLinesCommand, day_of, value_of
from routing.places import Location, locate


class Command(ReferenceLinesCommand):
    help = "Xác định xã, phường, đặc khu nơi sự việc xảy ra; không đoán khi đơn vị cũ đã bị chia."

    def answer(self, line: Line) -> Line:
        home = value_of(line, "home_province", str, settings.HOME_PROVINCE)
        mentions = shipped().find(value_of(line, "text", str, ""), home=home)
        location = locate(
            mentions,
            picked=value_of(line, "picked_commune", str, ""),
            point=_point(value_of(line, "point", list, [])),
            old_unit=value_of(line, "old_ward_code", str, "") or value_of(line, "old_district_code", str, ""),
            reporter=value_of(line, "reporter_commune", str, ""),
            home=home,
            on=day_of(line, "on"),
        )
        return told(location, mentions)


def _point(given: list[object]) -> tuple[float, float] | None:
    if not given:
        return None
    if len(given) != 2 or not all(isinstance(x, int | float) and not isinstance(x, bool) for x in given):
        raise LineError("Trường 'point' phải là [vĩ độ, kinh độ].")
    lat, lon = given
    return float(str(lat)), float(str(lon))


def told(location: Location, mentions: tuple[PlaceMention, ...]) -> Line:
    seen = {(m.start, m.end): m.text for m in mentions}
    return {
        "outcome": location.outcome,
        "unit": location.unit or None,
        "province": location.province or None,
        "choices": list(location.choices),
        "basis": location.basis or None,
        "flagged": location.flagged,
        "mentions": [{"start": s, "end": e, "text": text} for (s, e), text in seen.items()],
        "reason": location.reason,
    }
