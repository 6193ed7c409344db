"""The administrator's pages: lists open, keys of shipped rows stand, a changed limit is a new version."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.db.models import Count, Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from routing.admin import AgencyForm, ReferenceForm
from routing.called import called
from routing.loading import load
from routing.models import Agency, AgencyName, CalendarDay, CalendarYear, DeadlinePolicy, PolicyStep
from tests.pages import as_sent, words

pytestmark = pytest.mark.django_db

TABLES = [
    "province",
    "commune",
    "legacyunit",
    "field",
    "subfield",
    "agencytype",
    "agency",
    "deadlinepolicy",
    "competencerule",
    "outsidebody",
    "subfieldborder",
    "calendaryear",
    "calendarday",
]


@pytest.fixture
def administrator() -> Client:
    user = get_user_model().objects.create_superuser("quantri", password="mot-mat-khau-du-dai")
    client = Client()
    client.force_login(user, backend="accounts.backends.WithPosts")
    return client


@pytest.mark.parametrize("table", TABLES)
def test_every_list_opens_and_can_be_searched(administrator: Client, table: str) -> None:
    assert administrator.get(f"/quan-tri/routing/{table}/?q=20242").status_code == 200


def test_a_stranger_sees_no_list() -> None:
    assert Client().get("/quan-tri/routing/agency/").status_code == 302


def post_of(policy: DeadlinePolicy, **steps: int) -> dict[str, object]:
    rows = list(policy.steps.all())
    data: dict[str, object] = {
        **{
            name: getattr(policy, name)
            for name in ("slug", "version", "name", "clock_start", "legal", "basis")
        },
        "note": policy.note,
        "source": policy.source,
        "valid_from": policy.valid_from.isoformat(),
        "steps-TOTAL_FORMS": len(rows),
        "steps-INITIAL_FORMS": len(rows),
    }
    for number, row in enumerate(rows):
        held = {
            "id": row.pk,
            "policy": policy.pk,
            "step": row.step,
            "variant": row.variant,
            "unit": row.unit,
            "amount": steps.get(row.step, row.amount),
            "max_times": row.max_times or "",
            "article": row.article,
            "legal": row.legal,
            "source": row.source,
            "valid_from": row.valid_from.isoformat(),
        }
        data |= {f"steps-{number}-{name}": value for name, value in held.items()}
    return data


@pytest.mark.long
def test_a_changed_limit_makes_another_version_and_survives_the_next_load(administrator: Client) -> None:
    policy = DeadlinePolicy.objects.get(slug="field-3d")
    answer = administrator.post(
        "/quan-tri/routing/deadlinepolicy/field-3d/change/", post_of(policy, resolve=2)
    )
    assert answer.status_code == 302

    figures = load(provinces=("01", "48", "79"))

    assert figures["kept_edits"] == 2
    assert DeadlinePolicy.objects.get(slug="field-3d").version == "2026.11.21+1"
    assert PolicyStep.objects.get(policy="field-3d", step="resolve").amount == 2


def test_the_key_of_a_shipped_row_cannot_be_changed() -> None:
    class Form(ReferenceForm):
        class Meta:
            model = CalendarDay
            fields = ("date", "name")

    shipped = CalendarDay.objects.get(date="2026-11-24")
    own = CalendarDay(date="2026-12-24", name="Nghỉ thêm")
    assert Form(instance=shipped).fields["date"].disabled
    assert not Form(instance=own).fields["date"].disabled


@pytest.mark.parametrize(
    ("hours", "errors"), [("08:00-12:00", False), ("8h-12h", True), ("13:00-08:00", True)]
)
def test_office_hours_are_checked_when_they_are_entered(hours: str, errors: bool) -> None:
    agency = Agency.objects.get(code="department-of-construction:48")
    form = AgencyForm(data={"office_hours": hours}, instance=agency)
    assert ("office_hours" in form.errors) == errors


def test_a_shipped_row_is_not_deleted_but_an_own_one_is(administrator: Client) -> None:
    Agency.objects.create(code="own:48", name="Của tôi", type_id="inspectorate", level="province")
    page = "/quan-tri/routing/agency/{}/delete/"
    assert administrator.post(page.format("inspectorate:48"), {"post": "yes"}).status_code == 403
    assert administrator.post(page.format("own:48"), {"post": "yes"}).status_code == 302
    assert Agency.objects.filter(code="inspectorate:48").exists()
    assert not Agency.objects.filter(code="own:48").exists()


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("competencerule", "dòng nêu cụ thể hơn quyết định"),
        ("agency", "Dạng 07:30-11:30/13:00-17:00"),
        ("deadlinepolicy", "Luật đổi thì ghi ngày cuối ở đây và thêm dòng mới"),
    ],
)
def test_a_form_says_what_belongs_into_its_fields(administrator: Client, table: str, said: str) -> None:
    assert said in administrator.get(f"/quan-tri/routing/{table}/add/").content.decode()


BENEATH = {"calendaryear": "days", "deadlinepolicy": "steps", "legacyunit": "mappings"}


def kept(table: str) -> list[list[tuple[object, ...]]]:
    """Every row of that table as it stands, and of that whose rows stand beneath."""
    model = apps.get_model("routing", table)
    tables = [model, *([model._meta.get_field(BENEATH[table]).related_model] if table in BENEATH else [])]
    return [list(one._default_manager.order_by("pk").values_list()) for one in tables]


def page_of(row: Model) -> str:
    return reverse(f"admin:routing_{row._meta.model_name}_change", args=[row.pk])


def rows_of(table: str) -> list[Model]:
    """The first shipped row of that table, and of those with rows beneath each the one with the most."""
    rows = apps.get_model("routing", table)._default_manager.exclude(shipped="")
    most = (
        rows.annotate(beneath=Count(BENEATH[table])).order_by("-beneath", "pk") if table in BENEATH else rows
    )
    return list(rows) if table == "calendaryear" else [rows[0], most[0]]


@pytest.mark.long
@pytest.mark.parametrize("table", TABLES)
def test_a_page_saved_as_it_stands_is_saved_and_changes_nothing(administrator: Client, table: str) -> None:
    before = kept(table)
    for row in rows_of(table):
        address = page_of(row)
        answer = administrator.post(address, as_sent(words(administrator.get(address))))
        assert answer.status_code == 302, words(answer)
    assert kept(table) == before
    assert {entry.get_change_message() for entry in LogEntry.objects.all()} == {
        "Không có trường nào thay đổi"
    }


def year_page(administrator: Client, year: int) -> tuple[str, dict[str, list[str]]]:
    address = page_of(CalendarYear.objects.get(year=year))
    return address, as_sent(words(administrator.get(address)))


def one_more(sent: dict[str, list[str]], date: str, kind: str = "off") -> dict[str, list[str]]:
    """The same with another day typed beneath those that stand."""
    number = int(sent["days-TOTAL_FORMS"][0])
    typed = {"date": date, "kind": kind, "name": "Nghỉ thêm", "status": "official", "source": "Thông báo 1"}
    return (
        sent
        | {f"days-{number}-{name}": [value] for name, value in typed.items()}
        | {"days-TOTAL_FORMS": [str(number + 1)]}
    )


def test_a_guessed_year_becomes_official_with_its_days_and_one_more(administrator: Client) -> None:
    address, sent = year_page(administrator, 2027)
    estimates = [name for name, (value, *_) in sent.items() if value == "estimate"]
    sent |= {name: ["official"] for name in estimates}
    answer = administrator.post(address, one_more(sent, "11/02/2027"))
    assert answer.status_code == 302, words(answer)
    assert not CalendarDay.objects.filter(year=2027, status="estimate").exists()
    assert CalendarDay.objects.get(date="2027-02-11").name == "Nghỉ thêm"
    assert CalendarDay.objects.filter(year=2027).count() == 13


def test_days_typed_with_their_year_can_be_mended_there_but_for_their_date(administrator: Client) -> None:
    year = CalendarYear.objects.create(year=2028, status="official", valid_from="2028-01-01")
    CalendarDay.objects.create(date="2028-01-03", year=year, kind="off", name="Tết", status="official")
    address, sent = year_page(administrator, 2028)
    sent |= {"days-0-name": ["Nghỉ bù Tết Dương lịch"]}
    assert administrator.post(address, sent).status_code == 302
    day = CalendarDay.objects.get(year=2028)
    assert (day.date.isoformat(), day.name) == ("2028-01-03", "Nghỉ bù Tết Dương lịch")


def test_a_day_keeps_its_date_on_its_own_page_and_stands_once(administrator: Client) -> None:
    year = CalendarYear.objects.get(year=2027)
    day = CalendarDay.objects.create(date="2027-12-22", year=year, kind="off", name="Nghỉ", status="official")
    sent = as_sent(words(administrator.get(page_of(day)))) | {"date": ["23/12/2027"], "name": ["Nghỉ thêm"]}
    assert administrator.post(page_of(day), sent).status_code == 302
    assert [str(one) for one in CalendarDay.objects.filter(date__gt="2027-12-01")] == ["22/12/2027 Nghỉ thêm"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("date", "kind", "said"),
    [
        ("22/12/2026", "off", "Ngày này không thuộc năm 2027."),
        ("26/12/2027", "off", "vốn không làm việc"),
        ("22/12/2027", "make_up", "Chỉ thứ Bảy hoặc Chủ nhật mới là ngày làm bù."),
        ("hôm nay", "off", "Nhập một ngày hợp lệ"),
    ],
)
def test_a_day_that_cannot_be_meant_is_refused(
    administrator: Client, date: str, kind: str, said: str
) -> None:
    address, sent = year_page(administrator, 2027)
    before = kept("calendaryear")
    answer = administrator.post(address, one_more(sent, date, kind))
    assert (answer.status_code, said in words(answer)) == (200, True)
    assert kept("calendaryear") == before


def offered(administrator: Client, told: str) -> list[str]:
    """Codes of the agencies that the field of a post offers for these letters, in their order."""
    asked = {"term": told, "app_label": "accounts", "model_name": "post", "field_name": "agency"}
    answer = administrator.get("/quan-tri/autocomplete/", asked)
    return [row["id"] for row in answer.json()["results"]]


def test_an_agency_is_found_without_marks_and_the_own_province_stands_first(
    administrator: Client, settings: Any
) -> None:
    settings.HOME_PROVINCE = "79"
    assert offered(administrator, "dau moi")[0] == "feedback-focal-point:79"
    assert offered(administrator, "Đầu mối")[0] == "feedback-focal-point:79"
    assert {code.split(":")[1] for code in offered(administrator, "ubnd hai chau")} == {"20242"}


def test_a_commune_is_found_without_marks_in_its_list(administrator: Client) -> None:
    page = words(administrator.get("/quan-tri/routing/commune/?q=hai+chau"))
    assert "Phường Hải Châu" in page
    assert "Phường Bến Nghé" not in page


def agency_page(administrator: Client, code: str) -> tuple[str, dict[str, list[str]]]:
    address = page_of(Agency.objects.get(code=code))
    return address, as_sent(words(administrator.get(address)))


HAI_CHAU = "commune-people-committee:20242"


def names_of(code: str) -> list[tuple[str, str, str]]:
    rows = AgencyName.objects.filter(agency=code).order_by("valid_from")
    return [(row.name, row.valid_from.isoformat(), row.valid_to.isoformat()) for row in rows if row.valid_to]


@pytest.fixture
def renamed(administrator: Client) -> str:
    address, sent = agency_page(administrator, HAI_CHAU)
    return words(administrator.post(address, sent | {"name": ["UBND phường Hải Châu Mới"]}, follow=True))


@pytest.mark.long
def test_what_happened_before_an_agency_was_renamed_keeps_its_name(renamed: str) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    assert names_of(HAI_CHAU) == [("UBND phường Hải Châu", "2025-07-01", yesterday.isoformat())]
    agency = Agency.objects.get(code=HAI_CHAU)
    assert called(agency, yesterday) == "UBND phường Hải Châu"
    assert called(agency, timezone.localdate()) == "UBND phường Hải Châu Mới"
    assert f"Việc đến hết ngày {yesterday:%d/%m/%Y} vẫn mang tên “UBND phường Hải Châu”" in renamed


@pytest.mark.long
def test_a_row_that_was_written_for_a_mended_misspelling_can_be_opened_and_deleted(
    administrator: Client, renamed: str
) -> None:
    row = AgencyName.objects.get()
    assert f'href="{page_of(row)}' in words(administrator.get(page_of(row.agency)))
    gone = administrator.post(page_of(row).replace("change", "delete"), {"post": "yes"})
    assert (gone.status_code, names_of(HAI_CHAU)) == (302, [])


@pytest.mark.long
def test_a_name_that_stood_for_hours_is_not_kept(administrator: Client, renamed: str) -> None:
    before = names_of(HAI_CHAU)
    address, sent = agency_page(administrator, HAI_CHAU)
    assert administrator.post(address, sent | {"name": ["UBND phường Hải Châu"]}).status_code == 302
    assert names_of(HAI_CHAU) == before


def test_the_next_name_is_kept_from_the_day_after_the_last(administrator: Client) -> None:
    held = {"agency_id": HAI_CHAU, "name": "Cũ", "valid_from": "2025-07-01", "valid_to": "2026-03-31"}
    AgencyName.objects.create(**held)
    address, sent = agency_page(administrator, HAI_CHAU)
    administrator.post(address, sent | {"name": ["UBND phường Hải Châu Mới"]})
    assert [(name, since) for name, since, _until in names_of(HAI_CHAU)] == [
        ("Cũ", "2025-07-01"),
        ("UBND phường Hải Châu", "2026-04-01"),
    ]


def test_a_name_made_by_rule_gives_way_to_the_real_one_and_is_not_kept(administrator: Client) -> None:
    Agency.objects.filter(code=HAI_CHAU).update(provisional=True)
    address, sent = agency_page(administrator, HAI_CHAU)
    sent = {name: value for name, value in sent.items() if name != "provisional"}
    administrator.post(address, sent | {"name": ["Ủy ban nhân dân phường Hải Châu"]})
    assert Agency.objects.get(code=HAI_CHAU).name == "Ủy ban nhân dân phường Hải Châu"
    assert names_of(HAI_CHAU) == []


def test_a_table_that_renames_keeps_the_name_too(administrator: Client) -> None:
    table = {"text": f"code,name\n{HAI_CHAU},UBND phường Hải Châu Mới\n", "keep": "1"}
    assert administrator.post("/quan-tri/routing/agency/nhap/", table).status_code == 302
    assert [name for name, _since, _until in names_of(HAI_CHAU)] == ["UBND phường Hải Châu"]
