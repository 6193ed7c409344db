"""The shipped reference files read into rows, checked before any table is touched."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from routing.facts import ACCUSED_AGENCY, KINDS, FactError, checked, listed
from routing.names import in_sentence

DATA = Path(__file__).parent / "data"

PROVINCES = "vn_provinces_2026.csv"
COMMUNES = "vn_communes_2026.csv"
LEGACY = "vn_legacy_ward_map_2025.csv"
FAULTS = "faults.csv"
BORDERS = "borders.csv"
CALENDAR = "vn_work_calendar_2025_2027.yaml"

CODES_SOURCE = "QĐ 19/2025/QĐ-TTg; vietnamadminunits 1.0.4 (MIT)"
DONG_NAI_SOURCE = "NQ 30/2026/QH16 (Đồng Nai); QĐ 19/2025/QĐ-TTg; vietnamadminunits 1.0.4 (MIT)"
MERGER = dt.date(2025, 7, 1)
# Ministries and departments have been as they are since the Government of March 2025 (NQ 176/2025/QH15).
REORGANISED = dt.date(2025, 3, 1)
NEVER = MERGER - dt.timedelta(days=1)  # the last day of force of a row that is known to be false
DONG_NAI_CITY = dt.date(2026, 4, 30)
# The beginning of the old code list (QĐ 124/2004/QĐ-TTg); a unit in it may be younger.
OLD_CODES_FROM = dt.date(2004, 7, 8)
POLICY_FROM = dt.date(2025, 1, 1)

Row = dict[str, Any]
# libyaml reads the taxonomy ten times faster; both loaders are the safe ones.
SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
YES_NO = {True: "yes", False: "no", "partial": "partial"}


class BrokenDataError(Exception):
    """The files hold something wrong; `problems` names each place, in Vietnamese."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = list(problems)


@dataclass
class Shipped:
    """Rows by table, in the order in which they can be written, and the figures they amount to."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    figures: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read(folder: Path = DATA, provinces: Collection[str] = ()) -> Shipped:
    """Every row of the shipped files.

    `provinces`: only these province codes and what belongs to them (for tests); empty means all, and then
    the figures must be those of figures.yaml.
    Raises BrokenDataError naming every file, line and code that points nowhere or makes no sense.
    """
    shipped = Shipped()
    try:
        _places(shipped, folder, provinces)
        _legacy(shipped, folder, provinces)
        _calendar(shipped, folder)
        taxonomy = _yaml(folder, "taxonomy.yaml")
        _taxonomy(shipped, folder, taxonomy)
        _borders(shipped, folder)
        _agencies(shipped, folder, taxonomy["agency_types"])
        _competence(shipped, folder)
        if not provinces:
            _check_figures(shipped, _yaml(folder, "figures.yaml"))
    except OSError as missing:
        shipped.problems.append(f"không mở được {missing.filename or folder}: thiếu hoặc bị cấm đọc")
    except (KeyError, ValueError, TypeError, AttributeError, yaml.YAMLError) as broken:
        shipped.problems.append(f"một tệp trong {folder} sai khuôn, ở chỗ: {broken}")
    if shipped.problems:
        raise BrokenDataError(shipped.problems)
    return shipped


# What stands for a cell that a line lacks or has too much.
MISSING = "\0"


def _lines(folder: Path, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, restval=MISSING, restkey=MISSING)
        for number, row in enumerate(reader, start=2):
            if MISSING in row or MISSING in row.values():
                raise ValueError(f"{name} dòng {number}: thiếu hoặc thừa ô so với dòng đầu")
            yield number, row


def _yaml(folder: Path, name: str) -> Any:
    return yaml.load((folder / name).read_text(encoding="utf-8"), Loader=SAFE_LOADER)  # noqa: S506


def _places(shipped: Shipped, folder: Path, wanted: Collection[str]) -> None:
    provinces, communes = [], []
    promised: dict[str, int] = {}
    for number, row in _lines(folder, PROVINCES):
        if wanted and row["code"] not in wanted:
            continue
        promised[row["code"]] = int(row["communes"])
        provinces.append(_province(row, shipped, number))
    for number, row in _lines(folder, COMMUNES):
        if row["province_code"] in promised:
            communes.append(_commune(row, shipped, number))
        elif not wanted:
            shipped.problems.append(
                f"{COMMUNES} dòng {number}: {row['code']} {row['name']} thuộc tỉnh {row['province_code']}"
                " không có trong danh sách"
            )
    for code, missing in (Counter(promised) - Counter(c["province_id"] for c in communes)).items():
        shipped.problems.append(f"{COMMUNES}: tỉnh {code} thiếu {missing} xã, phường, đặc khu")
    _unique(shipped, COMMUNES, (c["code"] for c in communes))
    types = Counter(c["type"] for c in communes)
    shipped.rows |= {"Province": provinces, "Commune": communes}
    shipped.figures |= {
        "provinces": len(provinces),
        "municipalities": sum(p["type"] == "municipality" for p in provinces),
        "communes": len(communes),
        "xa": types["commune"],
        "phuong": types["ward"],
        "dac_khu": types["special_zone"],
    }


def _province(row: Mapping[str, str], shipped: Shipped, number: int) -> Row:
    since, source = (DONG_NAI_CITY, DONG_NAI_SOURCE) if row["code"] == "75" else (MERGER, CODES_SOURCE)
    _code(shipped, PROVINCES, number, row["code"], 2)
    return {
        "code": row["code"],
        "name": row["name"],
        "short_name": row["short_name"],
        "type": row["type"],
        "slug": row["slug"],
        "lat": float(row["lat"]),
        "lon": float(row["lon"]),
        "source": source,
        "valid_from": since,
    }


def _commune(row: Mapping[str, str], shipped: Shipped, number: int) -> Row:
    _code(shipped, COMMUNES, number, row["code"], 5)
    since = dt.date.fromisoformat(row["valid_from"])
    return {
        "code": row["code"],
        "name": row["name"],
        "short_name": row["short_name"],
        "type": row["type"],
        "province_id": row["province_code"],
        "lat": float(row["lat"]),
        "lon": float(row["lon"]),
        "area_km2": float(row["area_km2"]) if row["area_km2"] else None,
        "source": CODES_SOURCE if since == MERGER else DONG_NAI_SOURCE,
        "valid_from": since,
    }


def _code(shipped: Shipped, file: str, number: int, code: str, length: int) -> None:
    if len(code) != length or not code.isdigit():
        shipped.problems.append(f"{file} dòng {number}: mã {code!r} không phải {length} chữ số")


def _unique(shipped: Shipped, file: str, keys: Iterator[Any]) -> None:
    for key, times in Counter(keys).items():
        if times > 1:
            shipped.problems.append(f"{file}: {key} lặp lại {times} lần")


def _legacy(shipped: Shipped, folder: Path, wanted: Collection[str]) -> None:
    known = {c["code"] for c in shipped.rows["Commune"]}
    units: dict[str, Row] = {}
    mappings: list[Row] = []
    false = {
        (fault["row"], fault["other"]) for _, fault in _lines(folder, FAULTS) if fault["verdict"] == "false"
    }
    for number, row in _lines(folder, LEGACY):
        if row["new_commune_code"] not in known:
            if not wanted:
                shipped.problems.append(
                    f"{LEGACY} dòng {number}: {row['old_ward']} ({row['old_ward_code']}),"
                    f" {row['old_district']} chỉ đến mã xã {row['new_commune_code']!r} không tồn tại"
                )
            continue
        # An island district had no wards: its own code stands for it.
        code = row["old_ward_code"] or row["old_district_code"]
        units.setdefault(code, _legacy_unit(code, row))
        mapping = _legacy_mapping(code, row, shipped, number)
        if (code, row["new_commune_code"]) in false:
            mapping |= {"source": f"{mapping['source']}; sai, xem {FAULTS}", "valid_to": NEVER}
        mappings.append(mapping)
    _unique(shipped, LEGACY, ((m["unit_id"], m["commune_id"]) for m in mappings))
    if not wanted:
        _check_defaults(shipped, mappings)
    shipped.rows |= {"LegacyUnit": list(units.values()), "LegacyMapping": mappings}
    shipped.figures |= {
        "legacy_rows": len(mappings),
        "legacy_units": len(units),
        "legacy_split": len({m["unit_id"] for m in mappings if m["kind"] == "split"}),
    }


def _legacy_unit(code: str, row: Mapping[str, str]) -> Row:
    return {
        "code": code,
        "name": row["old_ward"] or row["old_district"],
        "district_code": row["old_district_code"],
        "district_name": row["old_district"],
        "province_code": row["old_province_code"],
        "province_name": row["old_province"],
        "source": "QĐ 124/2004/QĐ-TTg; vietnamadminunits 1.0.4 (MIT)",
        "valid_from": OLD_CODES_FROM,
        "valid_to": MERGER - dt.timedelta(days=1),
    }


def _legacy_mapping(code: str, row: Mapping[str, str], shipped: Shipped, number: int) -> Row:
    if row["kind"] not in ("whole", "split"):
        shipped.problems.append(f"{LEGACY} dòng {number}: kiểu {row['kind']!r} không phải whole hay split")
    return {
        "unit_id": code,
        "commune_id": row["new_commune_code"],
        "kind": row["kind"],
        "is_default": row["is_default"] == "1",
        "source": "vietnamadminunits 1.0.4 (MIT)",
        "valid_from": MERGER,
        "valid_to": None,
    }


def _check_defaults(shipped: Shipped, mappings: Sequence[Row]) -> None:
    defaults = Counter(m["unit_id"] for m in mappings if m["is_default"])
    for unit in {m["unit_id"] for m in mappings}:
        if defaults[unit] != 1:
            shipped.problems.append(f"{LEGACY}: đơn vị cũ {unit} có {defaults[unit]} đơn vị mới mặc định")


def _calendar(shipped: Shipped, folder: Path) -> None:
    years: list[Row] = []
    days: list[Row] = []
    for year, held in _yaml(folder, CALENDAR)["years"].items():
        own = [_day_off(year, day) for day in held["days_off"]]
        own += [_make_up(year, day) for day in held["make_up_days"]]
        years.append(
            {"year": year, "status": _weakest(own), "source": CALENDAR, "valid_from": dt.date(year, 1, 1)}
        )
        days += own
        for day in own:
            if day["date"].year != year or (day["kind"] == "off") != (day["date"].weekday() < 5):
                shipped.problems.append(f"{CALENDAR}: {day['date']:%d/%m/%Y} {day['name']} không hợp lịch")
    shipped.rows |= {"CalendarYear": years, "CalendarDay": days}


def _weakest(days: Sequence[Row]) -> str:
    """A year is as sure as its least sure day."""
    found = {day["status"] for day in days}
    return next(status for status in ("estimate", "statutory", "official") if status in found)


def _day_off(year: int, day: Mapping[str, Any]) -> Row:
    return {
        "date": day["date"],
        "year_id": year,
        "kind": "off",
        "name": day["name"],
        "status": day["status"],
        "source": day.get("source", CALENDAR),
        "valid_from": day["date"],
        "valid_to": day["date"],
    }


def _make_up(year: int, day: Mapping[str, Any]) -> Row:
    named = {**day, "name": f"Làm bù cho ngày {day['for']:%d/%m/%Y}"}
    return {**_day_off(year, named), "kind": "make_up"}


def _taxonomy(shipped: Shipped, folder: Path, held: Mapping[str, Any]) -> None:
    source = f"bảng phân công mẫu, bản {held['version']}, đề xuất"
    law = _yaml(folder, "policy_steps.yaml")
    policies = held["deadline_policies"]
    shipped.rows["DeadlinePolicy"] = [_policy(s, p, held["version"]) for s, p in policies.items()]
    shipped.rows["PolicyStep"] = [row for s, p in policies.items() for row in _steps(s, p, law)]
    shipped.rows["Field"] = [_field(f, source) for f in held["fields"]]
    shipped.rows["Subfield"] = [
        _subfield(f["slug"], order, s, source)
        for f in held["fields"]
        for order, s in enumerate(f["children"], start=1)
    ]
    _check_taxonomy(shipped, held)
    shipped.figures |= {
        "fields": len(shipped.rows["Field"]),
        "subfields": len(shipped.rows["Subfield"]),
        "policies": len(policies),
        "agency_types": len(held["agency_types"]),
    }


def _policy(slug: str, policy: Mapping[str, Any], version: str) -> Row:
    return {
        "slug": slug,
        "version": version,
        "name": policy["name_vi"],
        "clock_start": policy["clock_start"],
        "legal": YES_NO[policy["legal"]],
        "suspends": policy.get("suspends", False),
        "round_the_clock": policy.get("round_the_clock", False),
        "basis": policy["basis"],
        "note": policy.get("note") or policy.get("to_verify") or "",
        "source": policy["basis"][:500],
        "valid_from": POLICY_FROM,
    }


def _limits(policy: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(step, variant, limit) for everything the taxonomy says of a policy."""
    named = {
        "accept": ("accept", ""),
        "accept_extended": ("accept", "complex"),
        "transfer": ("transfer", ""),
        "resolve": ("resolve", ""),
        "complex": ("resolve", "complex"),
        "remote": ("resolve", "remote"),
        "remote_complex": ("resolve", "remote_complex"),
        "extension": ("extend", ""),
        "progress_update_every": ("progress", ""),
    }
    for key, (step, variant) in named.items():
        if policy.get(key):
            yield step, variant, policy[key]
    second = policy.get("second_instance") or {}
    for key, variant in (
        ("resolve", "second"),
        ("complex", "second_complex"),
        ("remote", "second_remote"),
        ("remote_complex", "second_remote_complex"),
    ):
        if key in second:
            yield "resolve", variant, {"value": second[key], "unit": second["unit"]}


def _steps(slug: str, policy: Mapping[str, Any], law: Mapping[str, Any]) -> Iterator[Row]:
    own = [entry for entry in law["law"] if entry["policy"] == slug]
    limits = list(_limits(policy))
    held = {(step, variant) for step, variant, _limit in limits}
    for entry in own:  # what the law alone says
        if (where := (entry["step"], entry.get("variant", ""))) not in held:
            held.add(where)
            limits.append((*where, {"value": entry["amount"], "unit": entry["unit"]}))
    for step, variant, limit in limits:
        known = {"unit": limit["unit"], "amount": limit["value"], "max_times": limit.get("max_times")}
        same = [e for e in own if (e["step"], e.get("variant", "")) == (step, variant)]
        entries = same or [{"article": policy["basis"], "legal": "no"}]
        for entry in entries:
            yield {
                "policy_id": slug,
                "step": step,
                "variant": variant,
                **known,
                **{key: entry[key] for key in ("unit", "amount") if key in entry},
                "article": entry["article"],
                "legal": entry["legal"],
                "source": entry["article"],
                "valid_from": entry.get("valid_from", law["default_valid_from"]),
                "valid_to": entry.get("valid_to"),
            }


def _field(held: Mapping[str, Any], source: str) -> Row:
    return {
        "slug": held["slug"],
        "order": held["order"],
        "name_vi": held["name_vi"],
        "name_en": held["name_en"],
        "keywords": held["keywords_vi"],
        "source": source,
        "valid_from": POLICY_FROM,
    }


def _subfield(parent: str, order: int, held: Mapping[str, Any], source: str) -> Row:
    return {
        "slug": held["slug"],
        "field_id": parent,
        "order": order,
        "name_vi": held["name_vi"],
        "name_en": held["name_en"],
        "lead_level": held["lead_level"],
        "agencies": held["agencies"],
        "coordinate_with": held["coordinate_with"],
        "policy_id": held["deadline"],
        "sensitivity": held["sensitivity"],
        "urgent_by_default": held["urgent_by_default"],
        "keywords": held["keywords_vi"],
        "source": source,
        "valid_from": POLICY_FROM,
    }


def _check_taxonomy(shipped: Shipped, held: Mapping[str, Any]) -> None:
    types, policies = held["agency_types"], held["deadline_policies"]
    _unique(shipped, "taxonomy.yaml", (s["slug"] for s in shipped.rows["Subfield"]))
    for row in shipped.rows["Subfield"]:
        for slug in [*row["agencies"].values(), *row["coordinate_with"]]:
            if slug not in types:
                shipped.problems.append(
                    f"taxonomy.yaml: {row['slug']} chỉ đến loại cơ quan {slug!r} không có"
                )
        if row["policy_id"] not in policies:
            shipped.problems.append(
                f"taxonomy.yaml: {row['slug']} chỉ đến chính sách {row['policy_id']!r} không có"
            )
        if row["lead_level"] not in row["agencies"]:
            shipped.problems.append(f"taxonomy.yaml: {row['slug']} thiếu cơ quan cấp {row['lead_level']}")


BORDER_SOURCES = {
    "ruling": "borders.csv, quy ước khi gán nhãn văn bản học",
    "proposal": "borders.csv, đề xuất",
}


def _borders(shipped: Shipped, folder: Path) -> None:
    """Each pair of sub-fields once, the first in the alphabet first."""
    known = {row["slug"] for row in shipped.rows["Subfield"]}
    rows: list[Row] = []
    for number, line in _lines(folder, BORDERS):
        one, other = line["one"], line["other"]
        if not one < other or not {one, other} <= known or line["by"] not in BORDER_SOURCES:
            shipped.problems.append(f"{BORDERS} dòng {number}: {one} và {other} không phải một ranh giới")
            continue
        source = BORDER_SOURCES[line["by"]]
        rows.append({"one_id": one, "other_id": other, "says": line["says"], "source": source})
    _unique(shipped, BORDERS, (f"{row['one_id']} {row['other_id']}" for row in rows))
    shipped.rows["SubfieldBorder"] = rows
    shipped.figures["borders"] = len(rows)


def _agencies(shipped: Shipped, folder: Path, listed: Mapping[str, Any]) -> None:
    rules = _yaml(folder, "agencies.yaml")
    types = {**listed, **rules["own_types"]}
    for slug in types.keys() ^ rules["types"].keys():
        shipped.problems.append(f"agencies.yaml: loại cơ quan {slug!r} chỉ có ở một trong hai tệp")
    shipped.rows["AgencyType"] = [
        {
            "slug": slug,
            "name": held["name_vi"],
            "level": held["level"],
            "kind": rules["types"].get(slug, {}).get("kind", "body"),
            "source": "agencies.yaml" if slug in rules["own_types"] else "taxonomy.yaml",
            "valid_from": POLICY_FROM,
        }
        for slug, held in types.items()
    ]
    levels = {slug: held["level"] for slug, held in types.items()}
    made = [row for slug, rule in rules["types"].items() for row in _of_type(slug, rule, shipped, levels)]
    by_code = {row["code"]: row for row in made}
    made += [
        row
        for slug, rule in rules["types"].items()
        if rule.get("each") == "body"
        for row in _offices(slug, rule, by_code)
    ]
    by_code = {row["code"]: row for row in made}
    for row in made:
        row |= {"superior_id": _superior(row, rules["types"], by_code, shipped), "source": rules["source"]}
    shipped.rows["Agency"] = made
    shipped.figures["agencies"] = len(made)


def _of_type(
    slug: str, rule: Mapping[str, Any], shipped: Shipped, levels: Mapping[str, str]
) -> Iterator[Row]:
    flags = {name: rule.get(name, False) for name in ("provisional", "round_the_clock")}
    fixed = {"type_id": slug, "level": levels[slug], **flags}
    if rule.get("each") == "commune":
        for commune in shipped.rows["Commune"]:
            yield {
                **fixed,
                "code": f"{slug}:{commune['code']}",
                "name": _name(rule, commune, commune=in_sentence(commune["name"])),
                "unit_code": commune["code"],
                "commune_id": commune["code"],
                "province_id": commune["province_id"],
                "valid_from": MERGER,
            }
    elif rule.get("each") == "province":
        for province in shipped.rows["Province"]:
            yield {
                **fixed,
                "code": f"{slug}:{province['code']}",
                "name": _name(rule, province, province=in_sentence(province["name"])),
                "unit_code": province["code"],
                "province_id": province["code"],
                "valid_from": REORGANISED,
            }
    elif rule.get("each") == "central":
        yield {**fixed, "code": slug, "name": rule["name"], "valid_from": REORGANISED}


def _name(rule: Mapping[str, Any], unit: Mapping[str, Any], **place: str) -> str:
    by_unit = rule.get("name_by_unit", {})
    by_type = rule.get("name_by_type", {})
    pattern = by_unit.get(unit["code"]) or by_type.get(unit["type"]) or rule["name"]
    return str(pattern).format(**place)


def _offices(slug: str, rule: Mapping[str, Any], bodies: Mapping[str, Row]) -> Iterator[Row]:
    for code, body in bodies.items():
        if body["type_id"] in rule["of"]:
            yield {
                **body,
                "type_id": slug,
                "code": f"{slug}:{code}",
                "name": rule["name"].format(body=body["name"]),
                "body": code,
            }


def _superior(row: Row, rules: Mapping[str, Any], known: Mapping[str, Row], shipped: Shipped) -> str | None:
    body = row.pop("body", None)
    if body:
        return str(body)
    slug = rules[row["type_id"]].get("superior")
    if slug is None:
        return None
    for code in (slug, f"{slug}:{row.get('province_id')}", f"{slug}:{row.get('commune_id')}"):
        if code in known:
            return str(code)
    shipped.problems.append(f"agencies.yaml: cấp trên {slug!r} của {row['code']} không có")
    return None


MATTER = ("kinds", "subfields", "fields")


def _competence(shipped: Shipped, folder: Path) -> None:
    shipped.rows["OutsideBody"] = _outside(_yaml(folder, "outside.yaml"))
    shipped.rows["CompetenceRule"] = [_rule(rule) for rule in _yaml(folder, "competence.yaml")["rules"] or ()]
    types = {row["slug"] for row in shipped.rows["AgencyType"]} | {"", ACCUSED_AGENCY}
    outside = {row["slug"] for row in shipped.rows["OutsideBody"]}
    known = {
        "subfields": {row["slug"] for row in shipped.rows["Subfield"]},
        "fields": {row["slug"] for row in shipped.rows["Field"]},
        "kinds": set(KINDS),
    }
    for row in shipped.rows["CompetenceRule"]:
        missing = {row["lead"], row["accountable"], row["executing"], *row["coordinators"]} - types
        missing |= {slug for name in MATTER for slug in set(row[name]) - known[name]}
        missing |= {row["outside"]} - outside if row["outcome"] == "redirect_out" else set()
        shipped.problems += [
            f"competence.yaml: {row['slug']} chỉ đến {slug!r} không có" for slug in sorted(missing)
        ]
        shipped.problems += [f"competence.yaml: {row['slug']}: {wrong}" for wrong in _wrong_facts(row)]
    shipped.problems += _ties(shipped.rows["CompetenceRule"])


def _rule(rule: Mapping[str, Any]) -> Row:
    when = dict(rule["when"])
    return {
        "slug": rule["slug"],
        "rung": rule["rung"],
        **{name: when.pop(name, []) for name in MATTER},
        "province_id": rule.get("province"),
        "commune_id": rule.get("commune"),
        "facts": when,
        "outcome": rule.get("outcome", "agency"),
        "lead": rule.get("lead", ""),
        "accountable": rule.get("accountable", ""),
        "executing": rule.get("executing", ""),
        "coordinators": rule.get("coordinators", []),
        "outside": rule.get("outside", ""),
        "policy_id": rule.get("policy"),
        "legal": rule["legal"],
        "checked": rule.get("checked", False),
        "reason": rule["reason"],
        "source": rule["source"],
        "valid_from": rule.get("valid_from", POLICY_FROM),
        "valid_to": rule.get("valid_to"),
    }


def _outside(held: Mapping[str, Any]) -> list[Row]:
    return [
        {
            "slug": body["slug"],
            "province_id": body.get("province"),
            "name": body["name"],
            "agency_type": body.get("agency_type", ""),
            "address": body["address"],
            "phone": body.get("phone", ""),
            "bring": body.get("bring", ""),
            "source": body.get("source", held["source"]),
            "valid_from": POLICY_FROM,
        }
        for body in held["bodies"]
    ]


def _wrong_facts(row: Row) -> Iterator[str]:
    for key, value in row["facts"].items():
        for one in listed(value):
            try:
                checked(key, one)
            except FactError as wrong:
                yield str(wrong)


def _ties(rows: Sequence[Row]) -> Iterator[str]:
    """Rows that could decide the same case with equal right."""
    from routing.models import CompetenceRule  # the files are read without Django, too

    rules = [CompetenceRule(**row) for row in rows]
    for one, other in combinations(rules, 2):
        days = (one.valid_to or dt.date.max) >= other.valid_from and (
            other.valid_to or dt.date.max
        ) >= one.valid_from
        if days and one.ties_with(other):
            yield f"competence.yaml: {one.slug} và {other.slug} ngang hàng, không dòng nào cụ thể hơn"


def _check_figures(shipped: Shipped, expected: Mapping[str, int]) -> None:
    for key, number in expected.items():
        if shipped.figures[key] != number:
            shipped.problems.append(f"số liệu {key} là {shipped.figures[key]}, phải là {number}")
