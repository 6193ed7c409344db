"""Where something happened: the commune of today, or honest choices, or the question to ask.

Order: commune picked or map point; a name of today in the text; an old unit or old name through the map of
1 July 2025 (a split unit is asked back, never guessed); a landmark, flagged; the reporter's registered
commune, flagged.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from django.db.models import F

from classifier.places import NAME, PlaceMention, resolve
from classifier.text import fold
from routing.kept import Kept
from routing.models import Commune, LegacyMapping, Province
from routing.names import in_sentence
from routing.succession import NOTHING_ENDED, Successions, follow, successions

# A point further than this from every centre (beyond the commune's own radius) is no commune of ours.
SANE_KM = 12.0
# A centre this far from the middle of its old district is a fault of the source, unless it is an island.
FAULTY_KM = 45.0
# How many nearest communes a named place may agree with.
NEAREST = 8
MAX_CHOICES = 12


class UnknownPlaceError(ValueError):
    """A code that is no unit; the message says which, in Vietnamese."""


@dataclass(frozen=True)
class Place:
    """Where it happened: a commune and its province, or a province alone, or nothing."""

    commune: str = ""
    province: str = ""


@dataclass(frozen=True)
class Location:
    """`outcome` unit | province | choices | none; `unit` is a commune code, `choices` are commune codes.

    `basis` picked | point | new | old | name | landmark | reporter, "" where nothing was found; `name`: a
    bare name that communes bear, always asked.
    `flagged`: a guess that a person confirms.
    """

    outcome: str
    unit: str = ""
    province: str = ""
    choices: tuple[str, ...] = ()
    basis: str = ""
    flagged: bool = False
    reason: str = ""

    @property
    def place(self) -> Place:
        """What assignment needs of it; of several choices only their common province."""
        return Place(self.unit, self.province)


@dataclass(frozen=True)
class Unit:
    """A commune as far as finding it needs."""

    code: str
    name: str
    province: str
    lat: float
    lon: float
    radius_km: float
    valid_from: dt.date
    valid_to: dt.date | None
    trusted: bool  # whether its coordinates are believed


@dataclass(frozen=True)
class Units:
    """All communes, and where the units of before 1 July 2025 went."""

    communes: Mapping[str, Unit]
    provinces: Mapping[str, str]  # code -> name
    by_old_ward: Mapping[str, tuple[str, ...]]
    by_old_district: Mapping[str, tuple[str, ...]]
    by_old_province: Mapping[str, tuple[str, ...]]
    old_names: Mapping[str, str]
    successions: Successions = NOTHING_ENDED

    def in_force(self, codes: Iterable[str], on: dt.date) -> tuple[str, ...]:
        """Communes of that day, once each: those of the codes, and for a closed one its successors."""
        found: dict[str, None] = {}
        for code in codes:
            found |= dict.fromkeys((code,) if self.stands(code, on) else self.heirs(code, on))
        return tuple(found)

    def stands(self, code: str, on: dt.date) -> bool:
        unit = self.communes.get(code)
        return unit is not None and unit.valid_from <= on and (unit.valid_to is None or on <= unit.valid_to)

    def heirs(self, code: str, on: dt.date) -> tuple[str, ...]:
        """The communes in which a closed one lies on that day; () where no row says it."""
        if not self.successions.communes:
            return ()
        return follow(
            code, lambda code: self.successions.of_commune(code, on), lambda code: self.stands(code, on)
        )

    def nearest(
        self, point: tuple[float, float], codes: Collection[str] | None = None
    ) -> list[tuple[float, Unit]]:
        """(km beyond the commune's own radius, commune), nearest first; untrusted centres last."""
        asked = self.communes.values() if codes is None else [self.communes[code] for code in codes]
        far = [
            (distance_km(point, (u.lat, u.lon)) - u.radius_km if u.trusted else math.inf, u) for u in asked
        ]
        return sorted(far, key=lambda pair: (pair[0], pair[1].code))


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two (lat, lon)."""
    a, b, c, d = map(math.radians, (*one, *other))
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(h)))


def _load() -> Units:
    wards: dict[str, dict[str, None]] = defaultdict(dict)
    districts: dict[str, dict[str, None]] = defaultdict(dict)
    provinces: dict[str, dict[str, None]] = defaultdict(dict)
    names: dict[str, str] = {}
    true = LegacyMapping.objects.exclude(valid_to__lt=F("valid_from"))
    rows = true.order_by("unit_id", "-is_default", "commune_id").values_list(
        "unit_id",
        "commune_id",
        "unit__name",
        "unit__district_code",
        "unit__district_name",
        "unit__province_code",
        "unit__province_name",
    )
    for ward, commune, ward_name, district, district_name, province, province_name in rows.iterator(5000):
        names |= {ward: ward_name, district: district_name, f"{province}*": province_name}
        for held, code in ((wards, ward), (districts, district), (provinces, province)):
            held[code][commune] = None
    communes = [_unit(row) for row in Commune.objects.all().iterator(5000)]
    faulty = misplaced({unit.code: unit for unit in communes}, districts)
    return Units(
        communes={u.code: replace(u, trusted=u.code not in faulty) for u in communes},
        provinces=dict(Province.objects.values_list("code", "name")),
        by_old_ward={code: tuple(to) for code, to in wards.items()},
        by_old_district={code: tuple(to) for code, to in districts.items()},
        by_old_province={code: tuple(to) for code, to in provinces.items()},
        old_names=names,
        successions=successions(),
    )


def _unit(row: Commune) -> Unit:
    return Unit(
        code=row.code,
        name=row.name,
        province=row.province_id,
        lat=row.lat,
        lon=row.lon,
        radius_km=math.sqrt((row.area_km2 or 0) / math.pi),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        # Islands lie far from the middle of their old district by nature.
        trusted=row.type == Commune.Type.SPECIAL_ZONE,
    )


def misplaced(units: Mapping[str, Unit], districts: Mapping[str, Iterable[str]]) -> set[str]:
    """Communes whose centre lies far from the middle of every old district they took wards of."""
    away: dict[str, float] = {}
    for codes in districts.values():
        members = [units[code] for code in codes if code in units]
        if not members:
            continue
        middle = (median(u.lat for u in members), median(u.lon for u in members))
        for unit in members:
            gap = distance_km(middle, (unit.lat, unit.lon))
            away[unit.code] = min(gap, away.get(unit.code, math.inf))
    return {code for code, gap in away.items() if gap > FAULTY_KM and not units[code].trusted}


known_units = Kept(_load)


def locate(
    mentions: Sequence[PlaceMention],
    *,
    picked: str = "",
    point: tuple[float, float] | None = None,
    old_unit: str = "",
    reporter: str = "",
    home: str = "",
    on: dt.date,
) -> Location:
    """The place of the event from all that is known of it.

    `picked`, `reporter`: commune codes of today; `point`: (lat, lon) in degrees; `old_unit`: an old ward's
    (5 digits), district's (3) or province's (2) code; `home`: province code preferred between equal names.
    Raises UnknownPlaceError for a code that is no unit and a point that is no place on Earth.
    """
    units = known_units()
    if picked:
        return _picked(units, picked, on)
    named = _named(units, mentions, home, on)
    if point is not None:
        guess = _at_point(units, point, named, on)
        if guess:
            return guess
    old = _old_unit(units, old_unit, named, on) if old_unit else None
    if named and named.outcome in ("unit", "choices") and (named.basis == "new" or not old):
        return _nearest_first(units, named, reporter)
    if old:
        return _nearest_first(units, old, reporter)
    if reporter:
        return _reporter(units, reporter, named, on)
    return named or Location("none", reason="Không rõ nơi xảy ra: hỏi lại người gửi.")


def _picked(units: Units, code: str, on: dt.date) -> Location:
    if units.stands(code, on):
        unit = units.communes[code]
        return _unit_found(unit, "picked", f"Người gửi chọn {in_sentence(unit.name)}.")
    return _from_codes(units, _known(units, code, on), "picked", f"“{units.communes[code].name}”")


def _known(units: Units, code: str, on: dt.date) -> tuple[str, ...]:
    """The commune of that code, or for a closed one its successors; raises UnknownPlaceError."""
    found = units.in_force([code], on)
    if not found:
        raise UnknownPlaceError(f"Không có xã, phường, đặc khu mã {code!r} vào ngày {on:%d/%m/%Y}.")
    return found


def _unit_found(unit: Unit, basis: str, reason: str, *, flagged: bool = False) -> Location:
    return Location("unit", unit.code, unit.province, (), basis, flagged, reason)


def _named(units: Units, mentions: Sequence[PlaceMention], home: str, on: dt.date) -> Location | None:
    """What the text names; None when it names no place that exists."""
    resolved = resolve(mentions, home=home)
    basis = "landmark" if resolved.level == "landmark" else "old" if resolved.basis_old else "new"
    words = ", ".join(dict.fromkeys(f"“{m.text}”" for m in mentions))
    if resolved.level == "province":
        provinces = [code for code in resolved.codes if code in units.provinces]
        if len(provinces) != 1:
            return None
        name = in_sentence(units.provinces[provinces[0]])
        return Location(
            "province",
            province=provinces[0],
            basis=basis,
            reason=f"Nội dung chỉ nêu {words}: {name}, chưa rõ xã.",
        )
    codes = units.in_force(resolved.codes, on)
    if not codes:
        return None
    if resolved.level == NAME:
        return _called_so(units, codes, words)
    found = _from_codes(units, codes, basis, words)
    return _doubted(units, found, mentions, on) if (found.outcome, basis) == ("unit", "new") else found


def _called_so(units: Units, codes: tuple[str, ...], words: str) -> Location:
    """Communes that bear a bare name: asked, be it one."""
    provinces = {units.communes[code].province for code in codes}
    first = in_sentence(units.communes[codes[0]].name)
    reason = f"Nội dung chỉ nêu {words}, có thể là {first}: hỏi lại người gửi."
    return Location("choices", province=_only(provinces), choices=codes, basis="name", reason=reason)


def _only(provinces: set[str]) -> str:
    return provinces.pop() if len(provinces) == 1 else ""


def _doubted(units: Units, found: Location, mentions: Sequence[PlaceMention], on: dt.date) -> Location:
    """A unit of today, flagged where one of before of the same province and name lies in another now."""
    named = {mention.start for mention in mentions if not mention.is_old and found.unit in mention.codes}
    others = [
        units.communes[code]
        for mention in mentions
        if mention.is_old and mention.level == "commune" and mention.start in named
        for code in units.in_force(mention.codes, on)
    ]
    names = [in_sentence(u.name) for u in others if u.province == found.province and u.code != found.unit]
    if not names:
        return found
    also = ", ".join(dict.fromkeys(names))
    reason = f"{found.reason} Trước 1/7/2025 có nơi cùng tên, nay thuộc {also}: cần xác nhận."
    return replace(found, flagged=True, reason=reason)


def _from_codes(units: Units, codes: tuple[str, ...], basis: str, words: str) -> Location:
    """One commune, or several to choose from."""
    if len(codes) == 1:
        unit = units.communes[codes[0]]
        if basis == "landmark":
            reason = f"Nội dung nêu {words}, ở {in_sentence(unit.name)}; chưa nêu xã, cần xác nhận."
            return _unit_found(unit, basis, reason, flagged=True)
        moved = basis in ("old", "picked")
        is_now = f", nay thuộc {in_sentence(unit.name)}" if moved else f": {in_sentence(unit.name)}"
        return _unit_found(unit, basis, f"Địa chỉ nêu {words}{is_now}.")
    provinces = {units.communes[code].province for code in codes}
    several = "có thể là nhiều nơi" if "”, “" in words else "có ở nhiều nơi"
    why = "nay thuộc nhiều đơn vị" if basis in ("old", "picked") else several
    return Location(
        "choices",
        province=_only(provinces),
        choices=codes,
        basis=basis,
        reason=f"Địa chỉ nêu {words} {why}: hỏi lại người gửi.",
    )


def _at_point(
    units: Units, point: tuple[float, float], named: Location | None, on: dt.date
) -> Location | None:
    """The commune whose centre is nearest: a guess, unless the text names one of the nearest too."""
    lat, lon = point
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        raise UnknownPlaceError(f"Tọa độ {lat}, {lon} không phải một điểm trên bản đồ.")
    near = units.nearest(point, units.in_force(units.communes, on))[:NEAREST]
    if not near or near[0][0] > SANE_KM:
        return None
    said = set(named.choices or (named.unit,)) if named else set()
    for _, unit in near:
        if unit.code in said:
            return _unit_found(
                unit, "point", f"Vị trí trên bản đồ và nội dung cùng chỉ {in_sentence(unit.name)}."
            )
    unit = near[0][1]
    return _unit_found(
        unit,
        "point",
        f"Vị trí trên bản đồ gần {in_sentence(unit.name)} nhất; đoán theo tâm xã, cần xác nhận.",
        flagged=True,
    )


def _old_unit(units: Units, code: str, named: Location | None, on: dt.date) -> Location | None:
    """Where an old ward, district or province went, narrowed by what the text names."""
    if code in units.by_old_ward or code in units.by_old_district:
        codes = units.in_force(units.by_old_ward.get(code) or units.by_old_district[code], on)
        said = set(named.choices or (named.unit,)) if named else set()
        codes = tuple(c for c in codes if c in said) or codes
        return _from_codes(units, codes, "old", f"“{units.old_names[code]}” cũ") if codes else None
    if code in units.by_old_province:
        provinces = Counter(units.communes[c].province for c in units.by_old_province[code])
        if named and named.province in provinces:
            return named
        province = provinces.most_common(1)[0][0]
        name = units.old_names[f"{code}*"]
        return Location(
            "province",
            province=province,
            basis="old",
            reason=f"{name} cũ nay thuộc {in_sentence(units.provinces[province])}, chưa rõ xã.",
        )
    raise UnknownPlaceError(f"Không có đơn vị hành chính cũ mã {code!r}.")


def _nearest_first(units: Units, found: Location, reporter: str) -> Location:
    """Choices in the order in which a person looks: nearest to the reporter's commune, else as mapped."""
    choices = found.choices
    if reporter in units.communes:
        at = units.communes[reporter]
        choices = tuple(unit.code for _, unit in units.nearest((at.lat, at.lon), choices))
    return replace(found, choices=choices[:MAX_CHOICES])


def _reporter(units: Units, code: str, named: Location | None, on: dt.date) -> Location:
    found = _known(units, code, on)
    if len(found) > 1:
        return named or _from_codes(units, found, "reporter", f"“{units.communes[code].name}”")
    unit = units.communes[found[0]]
    if named and named.outcome == "province" and named.province != unit.province:
        return named
    return _unit_found(
        unit,
        "reporter",
        f"Không rõ nơi xảy ra; tạm lấy nơi cư trú của người gửi, {in_sentence(unit.name)}.",
        flagged=True,
    )


# What is often called after the unit it lies in; folded.
CALLED_AFTER = (
    "cho", "cau", "sieu thi", "truong", "truong hoc", "tieu hoc", "thcs", "thpt", "mam non", "mau giao",
    "benh vien", "tram y te", "phong kham", "ben xe", "ben tau", "ga", "cong vien", "nha van hoa",
    "khu dan cu", "khu do thi", "khu cong nghiep", "khu pho", "kdc", "kcn", "chung cu", "cau vuot", "nga ba",
    "nga tu", "dinh", "chua", "san van dong", "buu dien", "bai rac", "bai bien", "cang", "ho", "song",
)  # fmt: skip
MOST_HINTED = 3


def hinted(text: str, province: str, *, on: dt.date) -> tuple[str, ...]:
    """Communes of a province that something in the text is called after: "chợ Hòa Khánh", Phường Hòa Khánh.

    Names alone, and much stands elsewhere than it is called after: a choice to confirm, never a place.
    """
    folded = " ".join(fold(text).split())
    units = known_units()
    here = units.in_force((u.code for u in units.communes.values() if u.province == province), on)
    found = ((_called_after(units.communes[code], folded), code) for code in here)
    return tuple(code for at, code in sorted(pair for pair in found if pair[0] >= 0)[:MOST_HINTED])


def _called_after(unit: Unit, folded: str) -> int:
    """Where in the folded text something is called after the unit; -1 where nothing is."""
    name = re.sub(r"^(?:phuong|xa|dac khu) ", "", fold(unit.name))
    if " " not in name:
        return -1
    found = re.search(rf"(?<!\w)(?:{'|'.join(CALLED_AFTER)}) {re.escape(name)}(?!\w)", folded)
    return found.start() if found else -1
