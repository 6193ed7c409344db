"""The reference data: complete, loaded twice without change, kind to edits, strict with broken rows."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from routing.loading import load, reference_data_ready
from routing.models import Agency, CalendarDay, CalendarYear, Commune, LegacyMapping, PolicyStep, Subfield
from routing.shipped import DATA, BrokenDataError, read

PROVINCES = ("01", "48", "79")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


@pytest.fixture(scope="module")
def one_province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped files cut down to Đà Nẵng, for tests of what is refused."""
    folder = Path(shutil.copytree(DATA, tmp_path_factory.mktemp("one") / "data"))
    keep(folder, "vn_provinces_2026.csv", lambda row: row["code"] == "48")
    keep(folder, "vn_communes_2026.csv", lambda row: row["province_code"] == "48")
    keep(folder, "vn_legacy_ward_map_2025.csv", lambda row: row["old_province_code"] in ("48", "49"))
    (folder / "figures.yaml").write_text("provinces: 1\nphuong: 23\n", encoding="utf-8")
    return folder


@pytest.fixture
def small(one_province: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(one_province, tmp_path / "small"))


def keep(folder: Path, name: str, wanted: Callable[[dict[str, str]], bool]) -> None:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if wanted(row)]
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.long
def test_the_shipped_files_hold_the_whole_country() -> None:
    assert read().figures == {
        "provinces": 34,
        "municipalities": 7,
        "communes": 3321,
        "xa": 2611,
        "phuong": 697,
        "dac_khu": 13,
        "legacy_rows": 10576,
        "legacy_units": 10040,
        "legacy_split": 447,
        "fields": 21,
        "subfields": 124,
        "borders": 321,
        "policies": 13,
        "agency_types": 79,
        "agencies": 35178,
    }


@pytest.mark.django_db
@pytest.mark.long
def test_a_second_load_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("loadrefdata", "--json", "--provinces", "01,48,79")
    figures = json.loads(capsys.readouterr().out)
    assert (figures["created"], figures["changed"], figures["kept_edits"]) == (0, 0, 0)
    assert figures["provinces"] == 3


@pytest.mark.long
@pytest.mark.django_db
def test_what_an_administrator_edited_survives_the_next_load(copy: Path) -> None:
    Subfield.objects.filter(slug="urban-infrastructure.sidewalk").update(name_vi="Vỉa hè của phường tôi")
    Agency.objects.filter(code="department-of-construction:48").update(phone="0236 3000 000")
    edit(copy, "taxonomy.yaml", "name_vi: Đèn tín hiệu", "name_vi: Đèn giao thông")
    edit(copy, "taxonomy.yaml", "Vỉa hè", "Lề đường")

    figures = load(copy, PROVINCES)

    assert figures["kept_edits"] == 2
    assert figures["changed"] == 1
    assert Subfield.objects.get(slug="urban-infrastructure.sidewalk").name_vi == "Vỉa hè của phường tôi"
    assert Subfield.objects.get(slug="transport.traffic-signals").name_vi.startswith("Đèn giao thông")
    assert Agency.objects.get(code="department-of-construction:48").phone == "0236 3000 000"


@pytest.mark.long
@pytest.mark.django_db
def test_a_row_that_an_administrator_added_stays(copy: Path) -> None:
    CalendarDay.objects.create(
        date="2026-12-24", year_id=2026, kind="off", name="Nghỉ thêm", status="official"
    )
    load(copy, PROVINCES)
    assert CalendarDay.objects.filter(date="2026-12-24").exists()


@pytest.mark.django_db
@pytest.mark.long
def test_a_legacy_row_that_points_nowhere_is_named_and_nothing_is_loaded(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(
        copy,
        "vn_legacy_ward_map_2025.csv",
        "Huyện Hoàng Sa,48,Thành phố Đà Nẵng,20333",
        "Huyện Hoàng Sa,48,Thành phố Đà Nẵng,99999",
    )
    edit(copy, "taxonomy.yaml", "name_vi: Đèn tín hiệu", "name_vi: Đèn giao thông")

    with pytest.raises(SystemExit) as stop:
        call_command("loadrefdata", data=copy)

    assert stop.value.code == 1
    said = capsys.readouterr().err
    assert "vn_legacy_ward_map_2025.csv dòng 4" in said
    assert "Huyện Hoàng Sa chỉ đến mã xã '99999' không tồn tại" in said
    assert not Subfield.objects.filter(name_vi__startswith="Đèn giao thông").exists()


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "vn_legacy_ward_map_2025.csv",
            "Huyện Hoàng Sa,48,Thành phố Đà Nẵng,20333",
            "Huyện Hoàng Sa,48",
            "vn_legacy_ward_map_2025.csv dòng 2: thiếu hoặc thừa ô",
        ),
        (
            "vn_communes_2026.csv",
            "20242,Phường Hải Châu",
            "242,Phường Hải Châu",
            "mã '242' không phải 5 chữ số",
        ),
        ("vn_provinces_2026.csv", "48,Thành phố Đà Nẵng", "47,Thành phố Đà Nẵng", "thuộc tỉnh 48"),
        ("taxonomy.yaml", "deadline: field-7d", "deadline: field-8d", "chính sách 'field-8d' không có"),
        (
            "taxonomy.yaml",
            "province: department-of-construction",
            "province: so-xay-dung",
            "'so-xay-dung' không có",
        ),
        ("vn_work_calendar_2025_2027.yaml", "date: 2026-11-24", "date: 2026-11-22", "22/11/2026"),
        ("taxonomy.yaml", "fields:", "fields: [", "sai khuôn"),
        ("agencies.yaml", "superior: provincial-police}", "superior: cong-an}", "cấp trên 'cong-an'"),
        (
            "borders.csv",
            "education.enrolment,",
            "education.nhap-hoc,",
            "education.nhap-hoc và education.fees-overcharging không phải một ranh giới",
        ),
        ("borders.csv", "one,other,by,says", "one,other,says", "thiếu hoặc thừa ô"),
        ("figures.yaml", "phuong: 23", "phuong: 24", "phuong là 23, phải là 24"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(
    small: Path, file: str, old: str, new: str, said: str
) -> None:
    edit(small, file, old, new)
    with pytest.raises(BrokenDataError) as broken:
        read(small)
    assert said in str(broken.value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "name", "superior"),
    [
        ("commune-people-committee:20242", "UBND phường Hải Châu", "provincial-people-committee:48"),
        (
            "commune-people-committee-chair:20242",
            "Chủ tịch UBND phường Hải Châu",
            "commune-people-committee:20242",
        ),
        (
            "commune-economy-office:20242",
            "Phòng Kinh tế, Hạ tầng và Đô thị phường Hải Châu",
            "commune-people-committee:20242",
        ),
        (
            "commune-economy-office:20333",
            "Phòng Kinh tế, Hạ tầng và Đô thị đặc khu Hoàng Sa",
            "commune-people-committee:20333",
        ),
        ("commune-economy-office:00376", "Phòng Kinh tế xã Sóc Sơn", "commune-people-committee:00376"),
        ("commune-police:20242", "Công an phường Hải Châu", "provincial-police:48"),
        ("department-of-construction:48", "Sở Xây dựng TP Đà Nẵng", "provincial-people-committee:48"),
        (
            "department-head:department-of-construction:48",
            "Giám đốc Sở Xây dựng TP Đà Nẵng",
            "department-of-construction:48",
        ),
        (
            "feedback-focal-point:48",
            "Đầu mối tiếp nhận phản ánh, kiến nghị TP Đà Nẵng",
            "provincial-people-committee:48",
        ),
        (
            "provincial-people-committee-chair:48",
            "Chủ tịch UBND TP Đà Nẵng",
            "provincial-people-committee:48",
        ),
        ("provincial-military-command:79", "Bộ Tư lệnh TP Hồ Chí Minh", None),
        ("tax-department", "Cục Thuế (Bộ Tài chính)", "ministry-of-finance"),
        ("minister:ministry-of-health", "Bộ trưởng Bộ Y tế", "ministry-of-health"),
    ],
)
def test_agencies_are_named_and_placed_by_rule(code: str, name: str, superior: str | None) -> None:
    agency = Agency.objects.get(code=code)
    assert (agency.name, agency.superior_id) == (name, superior)


@pytest.mark.django_db
def test_every_agency_has_a_source_and_placeholders_have_no_rows() -> None:
    assert not Agency.objects.filter(source="").exists()
    assert not Agency.objects.filter(type__kind="placeholder").exists()
    assert Agency.objects.get(code="power-company:48").provisional
    assert Agency.objects.get(code="tax-base:20242").provisional
    assert not Agency.objects.get(code="commune-people-committee:20242").provisional


@pytest.mark.django_db
def test_unknown_remoteness_stays_unknown() -> None:
    assert Commune.objects.get(code="20242").remote_area is None


@pytest.mark.django_db
def test_a_split_unit_keeps_all_its_communes() -> None:
    split = LegacyMapping.objects.filter(kind="split", commune__province="48").first()
    assert split is not None
    assert split.unit.mappings.filter(is_default=True).count() <= 1
    assert split.source


@pytest.mark.django_db
def test_the_limit_for_accepting_a_complaint_changed_with_the_decree() -> None:
    rows = PolicyStep.objects.filter(policy="complaint-first", step="accept").order_by("valid_from")
    assert [(r.amount, r.unit, str(r.valid_to)) for r in rows] == [
        (10, "calendar_day", "2026-06-30"),
        (7, "working_day", "None"),
    ]


@pytest.mark.django_db
def test_the_house_knows_whether_it_is_ready() -> None:
    assert reference_data_ready() == "ok"
    CalendarDay.objects.all().delete()
    CalendarYear.objects.all().delete()
    assert "năm lịch làm việc trống" in reference_data_ready()
