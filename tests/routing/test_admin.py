"""The administrator's pages: lists open, keys of shipped rows stand, a changed limit is a new version."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from routing.admin import AgencyForm, ReferenceForm
from routing.loading import load
from routing.models import Agency, CalendarDay, DeadlinePolicy, PolicyStep

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
