"""The shipped gazetteer, made from the tables of units: `python -m classifier.gazetteer` (`make model`)."""

import argparse
import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from .places import SHIPPED, PlaceRow, build

ALIASES = Path(__file__).parent / "data" / "aliases.csv"
LANDMARKS = Path(__file__).parent / "data" / "landmarks.csv"

_SHORT = {
    "Bệnh viện": "BV",
    "Bến xe": "BX",
    "Đại học": "ĐH",
    "Khu công nghiệp": "KCN",
    "Sân bay": "Cảng hàng không",
    "Sân vận động": "SVĐ",
}


def from_tables(folder: Path, aliases: Path = ALIASES, landmarks: Path = LANDMARKS) -> Iterator[PlaceRow]:
    """Rows of the tables of provinces, communes and old wards in a folder, of aliases and landmarks."""
    false = {(row["row"], row["other"]) for row in _table(folder / "faults.csv") if row["verdict"] == "false"}
    legacy = [
        row
        for row in _table(folder / "vn_legacy_ward_map_2025.csv")
        if (row["old_ward_code"], row["new_commune_code"]) not in false
    ]
    communes = _table(folder / "vn_communes_2026.csv")
    province_of = {row["code"]: row["province_code"] for row in communes}
    for row in _table(folder / "vn_provinces_2026.csv"):
        yield PlaceRow(row["name"], "province", row["code"], row["code"], (row["code"],), False)
    for row in communes:
        for name in _called(row["name"]):
            yield PlaceRow(name, "commune", row["code"], row["province_code"], (row["code"],), False)
    yield from _old_units(legacy, province_of)
    yield from _aliases(_table(aliases), legacy, province_of)
    yield from _landmarks(_table(landmarks), province_of)


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _called(name: str) -> Iterator[str]:
    """A name of today, and the first of two that it joins: "Phường Xuân Hương - Đà Lạt"."""
    yield name
    first, joined, _ = name.partition(" - ")
    if joined:
        yield first


def _old_units(legacy: list[dict[str, str]], province_of: Mapping[str, str]) -> Iterator[PlaceRow]:
    for level, unit in (("commune", "ward"), ("district", "district"), ("province", "province")):
        for code, rows in _by(legacy, f"old_{unit}_code").items():
            codes = {row["new_commune_code"] for row in rows}
            provinces = {province_of[new] for new in codes}
            yield PlaceRow(
                name=rows[0][f"old_{unit}"],
                level=level,
                code=code,
                province=min(provinces) if len(provinces) == 1 else "",
                codes=tuple(sorted(provinces if level == "province" else codes)),
                is_old=True,
                district=rows[0]["old_district_code"] if level == "commune" else "",
                old_province=rows[0]["old_province_code"],
            )


def _by(rows: Iterable[dict[str, str]], column: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        if row[column]:
            found[row[column]].append(row)
    return found


def _aliases(
    aliases: list[dict[str, str]], legacy: list[dict[str, str]], province_of: Mapping[str, str]
) -> Iterator[PlaceRow]:
    """What the tables lack; `of` names provinces of today, or old districts or wards by their code."""
    wards, districts = _by(legacy, "old_ward_code"), _by(legacy, "old_district_code")
    for alias in aliases:
        of = alias["of"].split()
        old = [row for code in of for row in wards.get(code, []) + districts.get(code, [])]
        codes = {row["new_commune_code"] for row in old} or set(of)
        provinces = {province_of.get(code, code) for code in codes}
        yield PlaceRow(
            name=alias["name"],
            level=alias["level"],
            code="",
            province=min(provinces) if len(provinces) == 1 else "",
            codes=tuple(sorted(codes)),
            is_old=alias["is_old"] == "1",
            district=_only(row["old_district_code"] for row in old) if alias["level"] == "commune" else "",
            old_province=_only(row["old_province_code"] for row in old),
        )


def _only(codes: Iterable[str]) -> str:
    """The one code that all share, "" for none and for several."""
    several = set(codes)
    return several.pop() if len(several) == 1 else ""


def _landmarks(landmarks: list[dict[str, str]], province_of: Mapping[str, str]) -> Iterator[PlaceRow]:
    """Markets, hospitals, stations ...; `of` names the communes of today that each may lie in."""
    for landmark in landmarks:
        codes = tuple(sorted(landmark["of"].split()))
        province = _only(province_of[code] for code in codes)
        for name in _shortened(landmark["name"]):
            yield PlaceRow(name, "landmark", "", province, codes, is_old=False)


def _shortened(name: str) -> Iterator[str]:
    """A name as it is written out, and with what it is cut to its initials: "BV Chợ Rẫy"."""
    yield name
    for whole, short in _SHORT.items():
        if name.startswith(f"{whole} "):
            yield f"{short}{name[len(whole) :]}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m classifier.gazetteer", description="Build the gazetteer."
    )
    parser.add_argument("--tables", type=Path, default=Path("routing/data"))
    parser.add_argument("--into", type=Path, default=SHIPPED)
    asked = parser.parse_args(arguments)
    build(from_tables(asked.tables), asked.into)
    print(asked.into, asked.into.stat().st_size)
    return 0


if __name__ == "__main__":
    sys.exit(main())
