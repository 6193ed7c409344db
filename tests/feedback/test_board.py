"""The supervisor: what is late by agency and field, down to the petition, who was told, and a reminder."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import random
import re
import zipfile
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Role, User
from feedback import followups, inbox, sheet, watch
from feedback.hands import hands
from feedback.models import Look, Petition
from feedback.sheet import cell
from feedback.steps import take
from routing.calendar import LOCAL
from routing.models import Agency, CalendarYear, ReferenceState
from tests import make
from tests.pages import at, onward, words

NOISE = "urban-order.noise"


def supervisor() -> User:
    return make.user(Role.SUPERVISOR, province="48")


def overdue(hours: int, **options: Any) -> Petition:
    petition = make.petition("assigned", **options)
    due_at = petition.submitted_at - dt.timedelta(hours=hours)
    Petition.objects.filter(pk=petition.pk).update(due_at=due_at)
    return petition


@pytest.mark.long
@pytest.mark.django_db
def test_the_board_narrows_by_agency_and_field_down_to_the_petition() -> None:
    ward, noise = overdue(5), overdue(9, subfield=NOISE)
    department = overdue(50, lead=make.CONSTRUCTION)
    watcher = at(supervisor())
    page = words(watcher.get("/giam-sat/"))
    assert f'href="?co-quan={make.HAI_CHAU}"'.replace(":", "%3A") in page
    assert (
        page.index(department.printed_code) < page.index(noise.printed_code) < page.index(ward.printed_code)
    )
    here = words(watcher.get("/giam-sat/", {"co-quan": make.HAI_CHAU}))
    assert [one.printed_code in here for one in (ward, noise, department)] == [True, True, False]
    assert "Đang mở 2 đơn, 2 quá hạn" in here
    loud = words(watcher.get("/giam-sat/", {"co-quan": make.HAI_CHAU, "linh-vuc": "urban-order"}))
    assert [one.printed_code in loud for one in (ward, noise, department)] == [False, True, False]


@pytest.mark.long
@pytest.mark.django_db
def test_one_click_reminds_and_the_board_says_when_and_how_often() -> None:
    petition, person = overdue(5), supervisor()
    watcher = at(person)
    assert "chưa nhắc" in words(watcher.get("/giam-sat/"))
    told = {"ve": f"/giam-sat/?co-quan={make.HAI_CHAU}"}
    answer = watcher.post(f"/giam-sat/nhac/{petition.code}/", told)
    assert answer.headers["Location"] == told["ve"]
    assert petition.steps.get(action="remind").by == person
    assert "1 lần," in words(watcher.get("/giam-sat/"))


@pytest.mark.long
@pytest.mark.django_db
def test_a_button_pressed_twice_reminds_once_and_who_may_not_remind_has_none() -> None:
    petition, watcher = overdue(5), at(supervisor())
    seq = re.search(r'name="seq" value="(\d+)"', words(watcher.get("/giam-sat/")))
    assert seq
    for _press in range(2):
        watcher.post(f"/giam-sat/nhac/{petition.code}/", {"seq": seq[1]})
    assert petition.steps.filter(action="remind").count() == 1
    assert "không nhắc thêm" in words(watcher.get("/giam-sat/"))
    for page in ("/giam-sat/", "/giam-sat/don/?so=open"):
        seen = words(at(make.user(Role.AUDITOR)).get(page))
        assert petition.printed_code in seen
        assert "1 lần," in seen
        assert "/giam-sat/nhac/" not in seen


@pytest.mark.long
@pytest.mark.django_db
def test_a_reminder_from_another_page_a_moment_later_is_no_second_one_and_tomorrow_it_is() -> None:
    petition = overdue(5)
    address = f"/giam-sat/nhac/{petition.code}/"
    for person in (supervisor(), supervisor()):
        answer = at(person).post(address, {"seq": petition.steps.count()}, follow=True)
    assert "đã được nhắc vừa xong, lần này không nhắc thêm" in words(answer)
    assert petition.steps.filter(action="remind").count() == 1
    later = petition.steps.get(action="remind").at + watch.A_MOMENT
    assert watch.just_reminded(petition, later) is None


@pytest.mark.long
@pytest.mark.django_db
def test_the_board_of_an_agency_says_what_it_was_given() -> None:
    make.petition("in_progress", anew=True)
    followups.catch_up()
    here = words(at(supervisor()).get("/giam-sat/", {"co-quan": make.HAI_CHAU}))
    assert "nhận 0 đơn, được giao 1 lượt, trả lời 0 đơn" in here


@pytest.mark.long
@pytest.mark.django_db
def test_who_was_told_and_when_stands_on_the_petition() -> None:
    petition, handler = overdue(5), make.handler()
    handler.first_name = "Lê Văn Xử"
    handler.save()
    take(petition, "remind", by=supervisor())
    followups.catch_up()
    page = words(at(supervisor()).get(f"/xu-ly/{petition.code}/"))
    assert "Đã nhắc ai" in page
    assert "Lê Văn Xử" in page
    assert "Đã nhắc ai" not in words(at(handler).get(f"/xu-ly/{petition.code}/"))


@pytest.mark.django_db
def test_nobody_reminds_about_what_he_may_not_see_or_has_no_right_to() -> None:
    petition = overdue(5)
    address = f"/giam-sat/nhac/{petition.code}/"
    assert at(make.user(Role.SUPERVISOR, province="01")).post(address).status_code == 404
    assert at(make.handler()).post(address).status_code == 404
    assert at(make.user(Role.AUDITOR)).post(address).status_code == 403
    elsewhere = at(supervisor()).post(address, {"ve": "https://noi-khac.example/"})
    assert elsewhere.headers["Location"] == "/giam-sat/"
    assert petition.steps.filter(action="remind").count() == 1


@pytest.mark.django_db
@pytest.mark.long
def test_a_supervisor_finds_what_is_answered_and_what_is_over_the_newest_first() -> None:
    older, newer, closed = make.petition("answered"), make.petition("answered"), make.petition("closed")
    watcher = at(supervisor())
    page = words(watcher.get("/xu-ly/?xem=da-tra-loi"))
    assert page.index(newer.printed_code) < page.index(older.printed_code)
    assert closed.printed_code in words(watcher.get("/xu-ly/?xem=da-xong"))
    came = page.split(f'href="/xu-ly/{newer.code}/?')[1].split('"')[0]
    next_one = onward(watcher, words(watcher.get(f"/xu-ly/{newer.code}/?{came}")))
    assert next_one.startswith(f"/xu-ly/{older.code}/?tu=")


@pytest.mark.django_db
def test_pages_of_the_newest_have_no_gap_and_no_double() -> None:
    made = [make.petition("submitted") for _number in range(5)]
    seen, after = [], ""
    while True:
        page = inbox.page(
            Petition.objects.all(),
            by=make.focal_point(),
            after=after,
            now=made[0].submitted_at,
            order=inbox.Order.LATEST,
            most=2,
        )
        assert len(page.rows) <= 2
        seen += [row.petition.pk for row in page.rows]
        after = page.after
        if not after:
            break
    assert seen == [petition.pk for petition in reversed(made)]


@pytest.mark.django_db
def test_the_sheet_holds_facts_and_no_words_of_a_citizen() -> None:
    petition = overdue(5, text="=HYPERLINK(1) vỉa hè bong gạch trước số 12.")
    answer = at(supervisor()).get("/giam-sat/don/", {"so": "overdue", "dang": "csv"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="don-overdue.csv"'
    rows = list(csv.reader(io.StringIO(words(answer).removeprefix("\ufeff"))))
    assert rows[1][:2] == [petition.printed_code, "UBND phường Hải Châu"]
    assert "HYPERLINK" not in words(answer)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("=1+1", "'=1+1"),
        ("+84 905", "'+84 905"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("Phường Hải Châu", "Phường Hải Châu"),
        (None, ""),
        (12, "12"),
        ("a\0b", "ab"),
    ],
)
def test_nothing_in_a_cell_is_a_formula(typed: object, kept: str) -> None:
    assert cell(typed) == kept


# Whatever stands in an address is on a list of ours or narrows nothing: no crash, and never a wider sight.
ODD = ["", "'", "\0", "☃" * 300, "-due_at", "lead__name", "1 OR 1=1", "~" * 9, "0001-01-01T00:00:00+14:00~1"]
ODD += [
    "9999-12-31T23:59:59-14:00~1",
    "2026-01-01T00:00~1",
    "~٣",
    "~" + "9" * 18,
    "%00",
    "../..",
    "feedback-focal-point:01",
]


@pytest.mark.django_db
@pytest.mark.long
def test_odd_parameters_never_crash_and_never_show_more() -> None:
    overdue(5)
    elsewhere = make.petition("assigned", lead="commune-people-committee:00367", commune="00367")
    Petition.objects.filter(pk=elsewhere.pk).update(territory="01", province="01", commune="00367")
    watcher = at(supervisor())
    for odd in ODD:
        asked = dict.fromkeys(("co-quan", "linh-vuc", "sau", "dang"), odd)
        behind = asked | {"so": "overdue"} | dict.fromkeys(("xa", "ky", "giai-doan", "tuoi", "truoc"), odd)
        for address, told in (
            ("/giam-sat/", asked),
            ("/giam-sat/don/", behind),
            ("/giam-sat/don/", behind | {"so": "returned"}),
            ("/xu-ly/", {"xem": "qua-han", "sau": odd, "ma": odd}),
        ):
            answer = watcher.get(address, told)
            assert answer.status_code in (200, 302), (address, odd)
            assert elsewhere.printed_code not in words(answer)
        assert watcher.get("/xu-ly/", {"xem": odd or "-"}).status_code == 404
        assert watcher.get("/giam-sat/don/", {"so": odd}).status_code == 404


@pytest.mark.django_db
@pytest.mark.long
def test_whatever_is_given_for_a_key_is_a_page_or_the_first_one() -> None:
    dice = random.Random(48)
    letters = "0123456789~-:.+TZ²٣☃\0' "
    now = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    for throw in range(80):
        key = "".join(dice.choices(letters, k=dice.randrange(30)))
        rows = inbox.page(
            Petition.objects.all(),
            by=make.focal_point(),
            after=key,
            now=now,
            order=list(inbox.Order)[throw % 3],
        ).rows
        assert rows == []


@pytest.mark.django_db
@pytest.mark.parametrize("back", ["[", "feedback:desk", "//xa.example", "https://xa.example/", "\\\\xa"])
def test_the_way_back_is_a_page_of_this_house_or_the_desk(back: str) -> None:
    answer = at(make.handler()).post("/xu-ly/phim-tat/", {"dung": "co", "ve": back})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/xu-ly/")


@pytest.mark.django_db
def test_soon_is_counted_in_working_days() -> None:
    friday_evening = dt.datetime(2026, 11, 20, 18, tzinfo=LOCAL)
    for day in (21, 23, 24, 25):  # Saturday; Monday; Tuesday is Ngày Văn hóa Việt Nam; Wednesday
        petition = make.petition("assigned")
        due_at = dt.datetime(2026, 11, day, 17, tzinfo=LOCAL)
        Petition.objects.filter(pk=petition.pk).update(due_at=due_at)
    late = make.petition("assigned")
    Petition.objects.filter(pk=late.pk).update(due_at=dt.datetime(2026, 11, 26, 17, tzinfo=LOCAL))
    everything = Petition.objects.all()
    assert everything.due_within(1, friday_evening).count() == 3
    assert everything.due_within(2, friday_evening).count() == 4
    assert watch.total(watch.open_now(everything, friday_evening)[0])["soon"] == 4


@pytest.mark.django_db
def test_a_clock_that_stands_still_is_not_soon_due_and_the_board_says_working_days() -> None:
    petition = make.petition("needs_info")
    Petition.objects.filter(pk=petition.pk).update(due_at=petition.submitted_at + dt.timedelta(minutes=1))
    now = petition.submitted_at
    assert Petition.objects.all().due_within(2, now).count() == 0
    assert "sẽ đến hạn trong 2 ngày làm việc" in words(at(supervisor()).get("/giam-sat/"))


# --- passed around ----------------------------------------------------------------------------------------


def moved(petition: Petition, *agencies: str) -> None:
    focal = make.focal_point()
    for number, agency in enumerate(agencies):
        take(petition, "transfer", by=focal, agency=agency, reason=f"Lý do {number}")


@pytest.mark.long
@pytest.mark.django_db
def test_who_had_it_since_when_and_why_it_moved_stands_for_those_who_watch() -> None:
    petition = make.petition("in_progress", anew=True)
    moved(petition, make.CONSTRUCTION, make.HAI_CHAU)
    petition = Petition.objects.get(pk=petition.pk)
    told = hands(petition, supervisor())
    assert [(one.agency, one.why) for one in told] == [
        ("Đầu mối tiếp nhận phản ánh, kiến nghị TP Đà Nẵng", ""),
        ("UBND phường Hải Châu", ""),
        ("Sở Xây dựng TP Đà Nẵng", "Lý do 0"),
        ("UBND phường Hải Châu", "Lý do 1"),
    ]
    assert all(one.since and one.by for one in told)
    address = f"/xu-ly/{petition.code}/"
    assert "Đã qua tay ai" in words(at(supervisor()).get(address))
    assert "Đã qua tay ai" not in words(at(make.handler()).get(address))


@pytest.mark.long
@pytest.mark.django_db
def test_what_went_through_three_hands_is_a_list_of_its_own_late_or_not() -> None:
    stays, goes = (make.petition("in_progress", anew=True) for _number in "ab")
    moved(goes, make.CONSTRUCTION, make.HAI_CHAU)
    watcher = at(supervisor())
    assert 'href="/giam-sat/don/?so=around"' in words(watcher.get("/giam-sat/"))
    page = words(watcher.get("/giam-sat/don/", {"so": "around"}))
    assert (goes.printed_code in page, stays.printed_code in page) == (True, False)
    assert "3 lần chuyển" in page
    other = words(watcher.get("/giam-sat/don/", {"so": "around", "co-quan": make.CONSTRUCTION}))
    assert goes.printed_code not in other
    answer: Any = watcher.get("/giam-sat/don/", {"so": "around", "dang": "csv"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row[0].lstrip("'"), row[-1]) for row in rows[1:]] == [(goes.printed_code, "3")]
    assert goes.printed_code in words(watcher.get("/xu-ly/", {"xem": "qua-nhieu-noi"}))
    # Behind one that is not there the list begins anew: it tells nothing of how often that one was moved.
    behind = {
        pk: watcher.get("/xu-ly/", {"xem": "qua-nhieu-noi", "sau": f"~{pk}"}) for pk in (stays.pk, goes.pk)
    }
    assert [goes.printed_code in words(page) for page in behind.values()] == [True, False]


# --- every number leads to its petitions --------------------------------------------------------------------


def links(page: str) -> dict[str, str]:
    """Each link to the petitions behind a number, with the number as it is read."""
    found = re.findall(r'href="(/giam-sat/don/[^"]*)"[^>]*>(?:<span class="value">)?([\d.]+)<', page)
    return {html.unescape(address): number.replace(".", "") for address, number in found}


@pytest.mark.long
@pytest.mark.django_db
def test_every_number_of_the_board_is_a_link_to_as_many_petitions() -> None:
    for state in make.WAYS:
        make.petition(state, anew=True)
    overdue(5)
    overdue(24 * 5, lead=make.CONSTRUCTION)
    followups.catch_up(limit=2000)
    watcher = at(supervisor())
    for query in ("", f"?co-quan={make.HAI_CHAU}", "?linh-vuc=urban-infrastructure&ky=7"):
        numbers = links(words(watcher.get(f"/giam-sat/{query}")))
        assert len(numbers) > 15
        for address, number in numbers.items():
            title = words(watcher.get(address)).split("<h1>")[1].split("</h1>")[0]
            assert re.search(rf"\b{number} (đơn|lượt)", title), (address, number, title)


@pytest.mark.long
@pytest.mark.django_db
def test_a_list_behind_a_number_is_there_for_those_who_watch_and_says_what_it_means() -> None:
    petition = make.petition("returned", anew=True)
    followups.catch_up()
    page = words(at(supervisor()).get("/giam-sat/don/", {"so": "returned"}))
    assert petition.printed_code in page
    assert "tính cho cơ quan trả lại" in page
    other = words(at(make.user(Role.SUPERVISOR, province="01")).get("/giam-sat/don/", {"so": "returned"}))
    assert petition.printed_code not in other
    assert at(make.handler()).get("/giam-sat/don/", {"so": "returned"}).status_code == 404
    administrator = at(make.user(Role.ADMINISTRATOR, province="48"))
    assert administrator.get("/giam-sat/don/", {"so": "returned"}).status_code == 404
    assert administrator.get("/giam-sat/don/", {"so": "open"}).status_code == 200


@pytest.mark.long
@pytest.mark.django_db
def test_what_is_shown_comes_as_csv_and_excel_and_whoever_took_it_is_kept() -> None:
    person = supervisor()
    overdue(5)
    for address in ("/giam-sat/", "/giam-sat/don/?so=overdue"):
        for form in ("csv", "xlsx"):
            joint = "&" if "?" in address else "?"
            answer: Any = at(person).get(f"{address}{joint}dang={form}")
            assert answer.status_code == 200
            if form == "xlsx":
                with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
                    assert "xl/workbook.xml" in book.namelist()
                    assert not any(b"<f>" in book.read(name) for name in book.namelist())
    looks = Look.objects.filter(user=person, what="export")
    assert [look.page for look in looks.order_by("pk")] == ["feedback:board"] * 2 + ["feedback:behind"] * 2


def test_a_workbook_writes_numbers_as_numbers_and_everything_else_as_text() -> None:
    book = sheet.workbook({"A/B": [["Mã", "Số"], ["=1+1", 12], ["http://xa.example", None]]})
    with zipfile.ZipFile(io.BytesIO(book)) as inside:
        page = inside.read("xl/worksheets/sheet1.xml").decode()
        said = inside.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in page
    assert "<v>12</v>" in page
    assert "hyperlink" not in page
    assert "=1+1" in said


@pytest.mark.django_db
def test_what_has_no_field_yet_is_a_line_whose_numbers_lead_to_it() -> None:
    unread = make.petition("submitted", anew=True)
    sorted_one = make.petition("assigned")
    Petition.objects.filter(pk=unread.pk).update(subfield=None)
    watcher = at(supervisor())
    page = html.unescape(words(watcher.get("/giam-sat/")))
    assert 'href="/giam-sat/don/?so=open&linh-vuc=-"' in page
    listed = words(watcher.get("/giam-sat/don/", {"linh-vuc": "-", "so": "open"}))
    assert (unread.printed_code in listed, sorted_one.printed_code in listed) == (True, False)
    assert "Chưa rõ" in listed


@pytest.mark.django_db
def test_a_heading_says_what_it_is_that_nobody_knows_yet() -> None:
    make.petition("submitted")
    for address in ("/giam-sat/", "/giam-sat/don/"):
        asked = {"co-quan": "-", "linh-vuc": "-", "xa": "-", "so": "open"}
        heading = words(at(supervisor()).get(address, asked)).partition("<h1>")[2].partition("</h1>")[0]
        said = [part.strip() for part in heading.split(":")]
        assert said[:3] == ["Chưa rõ cơ quan", "Chưa rõ lĩnh vực", "Chưa rõ xã, phường"]


@pytest.mark.django_db
def test_a_demanded_report_stands_on_the_board_while_its_petition_is_merged() -> None:
    """Else whoever owes it could merge it away; what becomes of the main is what it waits for then."""
    petition, main = make.petition("in_progress"), make.petition("in_progress", anew=True)
    take(petition, "demand_report", by=supervisor(), days=2)
    take(petition, "merge", by=make.handler(), main=main.code)
    reports = watch.STANDINGS["reports"]
    assert list(reports.rows(Petition.objects.all(), timezone.now())) == [petition]
    take(main, "draft_reply", by=make.handler(), **make.ANSWER)
    take(main, "approve", by=make.approver())
    assert not reports.rows(Petition.objects.all(), timezone.now()).exists()


@pytest.mark.django_db
def test_an_answer_ends_the_limit_of_a_report_and_a_promise_does_not() -> None:
    plain, planned = (make.petition("in_progress", anew=True) for _number in "ab")
    promise = {"outcome": "planned", "text": "Sẽ lát lại vỉa hè", "plan_date": "2030-01-15"}
    for petition, answer in ((plain, make.ANSWER), (planned, promise)):
        take(petition, "demand_report", by=supervisor(), days=2)
        take(petition, "draft_reply", by=make.handler(), **answer)
        take(petition, "approve", by=make.approver())
    owed = watch.STANDINGS["reports"].rows(Petition.objects.all(), timezone.now())
    assert list(owed) == [planned]


@pytest.mark.long
@pytest.mark.django_db
def test_of_a_commune_the_board_tells_no_number_of_the_whole_province() -> None:
    for _number in "ab":
        make.petition("answered", anew=True)
    followups.catch_up(limit=2000)
    watcher = at(supervisor())
    page = words(watcher.get("/giam-sat/?xa=20194"))
    assert "so=answered" not in page
    assert "ngày qua nhận" not in page
    assert "ngày qua báo trước" not in page
    assert 'href="?#dien-bien"' in page
    whole = watcher.get("/giam-sat/").content.decode()
    assert "so=answered" in whole
    regions = re.findall(r'role="region" aria-label="([^"]+)"', whole)
    assert "Diễn biến theo cơ quan" in regions
    assert sorted(set(regions)) == sorted(regions)  # a reader of the page aloud tells them apart
    sheet_ = watcher.get("/giam-sat/?xa=20194&dang=csv").content.decode()
    assert "Theo cơ quan" in sheet_
    assert "Diễn biến" not in sheet_


@pytest.mark.long
@pytest.mark.django_db
def test_of_a_long_table_the_first_rows_stand_on_the_board_and_all_behind_a_link() -> None:
    wards = [agency.pk for agency in Agency.objects.filter(commune__province="48", level="commune")[:11]]
    kept = [make.petition("assigned") for _ward in wards]
    for petition, ward in zip(kept, wards, strict=True):
        Petition.objects.filter(pk=petition.pk).update(lead=ward)
    watcher = at(supervisor())

    def table(query: str) -> tuple[int, str]:
        """How many rows the table of agencies has on that page, and what stands in it."""
        shown = words(watcher.get(f"/giam-sat/{query}")).split('<h2 id="theo-co-quan"')[1].split("<h2")[0]
        return shown.count("<tr>") + shown.count('<tr aria-current="true">') - 1, html.unescape(shown)

    rows, shown = table("")
    assert (rows, "Xem tất cả 11" in shown) == (8, True)
    whole = re.findall(r'href="(\?het=[^"]*)"', shown)[0]
    rows, shown = table(whole)
    assert (rows, "Xem tất cả" in shown) == (11, False)
    rows, shown = table(f"?co-quan={max(wards)}")
    assert (rows, shown.count('<tr aria-current="true">')) == (9, 1)
    in_file: Any = watcher.get("/giam-sat/", {"dang": "csv"})
    assert all(Agency.objects.get(pk=ward).name in in_file.content.decode() for ward in wards)


@pytest.mark.django_db
def test_the_board_says_in_good_time_that_the_calendar_ends() -> None:
    ends = dt.date(CalendarYear.objects.latest("year").year, 12, 31)
    told = [
        watch.calendar_ends(dt.datetime.combine(ends, dt.time(9), LOCAL) - dt.timedelta(n)) for n in (90, 89)
    ]
    assert told == [None, ends]
    watcher = at(supervisor())
    assert "Lịch làm việc chỉ có đến" not in words(watcher.get("/giam-sat/"))
    CalendarYear.objects.all().delete()
    ReferenceState.touch()
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    assert f"Lịch làm việc chỉ có đến {yesterday:%d/%m/%Y}." in words(watcher.get("/giam-sat/"))
