"""The commands: JSON Lines in the same order, a bad line never stops the next, exit codes, the cure."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

from routing.jsonlines import LineError, answer_lines, value_of
from routing.models import ReferenceState

pytestmark = pytest.mark.django_db


def ask(command: str, *lines: object) -> tuple[list[dict[str, Any]], int]:
    """The answers and the exit code."""
    sent = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    out = io.StringIO()
    code = 0
    try:
        call_command(command, "--json", stdin=sent, stdout=out)
    except SystemExit as stop:
        code = int(str(stop.code))
    return [json.loads(line) for line in out.getvalue().splitlines()], code


def test_deadline_counts_a_unit() -> None:
    (told,), code = ask(
        "deadline", {"id": 1, "unit": "working_day", "amount": 5, "start": "2026-11-20T09:00:00+07:00"}
    )
    assert code == 0
    assert told["id"] == 1
    assert told["due"] == "2026-11-30T17:00:00+07:00"
    assert told["legal_due"] == "2026-11-30"
    assert told["policy"] is None
    assert {"date": "2026-11-24", "counted": False, "why": "Ngày Văn hóa Việt Nam"} in told["trace"]


def test_deadline_follows_a_policy_of_an_agency() -> None:
    line = {
        "id": "a",
        "policy": "complaint-first",
        "step": "resolve",
        "variant": {"remote": True, "complex": True, "instance": 2, "extensions": 0},
        "start": "2026-03-02T09:00:00+07:00",
        "pauses": [["2026-03-10T16:00:00+07:00", "2026-03-12T08:00:00+07:00"]],
        "agency": "commune-people-committee:20242",
        "on": "2026-03-02",
    }
    (told,), code = ask("deadline", line)
    assert code == 0
    assert told["due"] == "2026-05-13T17:00:00+07:00"
    assert (told["policy"], told["legal"], told["version"]) == ("complaint-first", "yes", "2026.11.21")
    assert told["article"] == "Luật Khiếu nại 2011, Điều 37"


def test_deadline_of_what_is_due_at_once_is_that_days_end_to_the_second() -> None:
    line = {"id": 1, "policy": "denunciation", "step": "crime", "start": "2027-02-06T09:00:00+07:00"}
    (told,), code = ask("deadline", line)
    assert (code, told["due"], told["legal_due"]) == (0, "2027-02-06T23:59:59+07:00", "2027-02-06")


def test_deadline_counts_urgent_hours_day_and_night_at_an_agency_on_duty() -> None:
    line = {"id": "a", "policy": "urgent-safety", "step": "resolve", "start": "2026-02-14T23:30:00+07:00"}
    (police, committee), _code = ask(
        "deadline",
        {**line, "agency": "commune-police:20242"},
        {**line, "agency": "commune-people-committee:20242"},
    )
    assert (police["due"], "trực 24/7" in police["why"]) == ("2026-02-15T03:30:00+07:00", True)
    assert committee["due"] == "2026-02-23T11:30:00+07:00"


def test_times_without_a_zone_and_bare_days_are_vietnamese() -> None:
    told, _ = ask(
        "deadline",
        {"unit": "clock_hour", "amount": 1, "start": "2026-11-20"},
        {"unit": "clock_hour", "amount": 1, "start": "2026-11-19T17:00:00Z"},
    )
    assert [line["due"] for line in told] == ["2026-11-20T01:00:00+07:00"] * 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "không phải JSON"),
        (b"\xff\xfe", "không phải JSON"),
        (b"[1]", "phải là một đối tượng JSON"),
        ({"unit": "working_day", "amount": 5}, "'start' phải là thời điểm"),
        ({"unit": "working_day", "amount": 5, "start": "soon"}, "không phải thời điểm"),
        ({"unit": "working_day", "amount": "5", "start": "2026-11-20"}, "phải là số nguyên"),
        ({"unit": "working_day", "amount": 5, "start": "2030-11-20"}, "Chưa có lịch làm việc năm 2030"),
        ({"unit": "working_day", "amount": 5, "start": "2026-11-20", "pauses": [1]}, "[từ, đến]"),
        ({"policy": "x", "step": "resolve", "start": "2026-11-20"}, "Không có chính sách thời hạn 'x'"),
        ({"policy": "field-3d", "start": "2026-11-20", "agency": "x:1"}, "Không có cơ quan 'x:1'"),
        ({"policy": "field-3d", "start": "2026-11-20", "variant": {"instance": 3}}, "instance là 1 hoặc 2"),
        ({"policy": "field-3d", "start": "2026-11-20", "on": "today"}, "không phải ngày"),
    ],
)
def test_a_bad_line_is_told_and_the_next_goes_on(line: object, said: str) -> None:
    told, code = ask("deadline", line, {"id": 2, "unit": "clock_hour", "amount": 1, "start": "2026-11-20"})
    assert code == 1
    assert said in told[0]["error"]
    assert told[1]["id"] == 2
    assert "error" not in told[1]


def test_locate_answers_every_field() -> None:
    (told,), code = ask(
        "locate", {"id": 7, "text": "Ổ gà ở phường Thạch Thang", "home_province": "48", "on": "2026-11-26"}
    )
    assert code == 0
    assert told == {
        "id": 7,
        "outcome": "unit",
        "unit": "20242",
        "province": "48",
        "choices": [],
        "basis": "old",
        "flagged": False,
        "mentions": [{"start": 7, "end": 25, "text": "phường Thạch Thang"}],
        "reason": "Địa chỉ nêu “phường Thạch Thang”, nay thuộc phường Hải Châu.",
    }


@pytest.mark.parametrize(
    ("line", "unit", "basis"),
    [
        ({"text": "rác", "picked_commune": "20242"}, "20242", "picked"),
        ({"text": "rác", "point": [16.0678, 108.2208]}, "20242", "point"),
        ({"text": "rác", "old_ward_code": "20194"}, "20194", "old"),
        ({"text": "rác", "old_district_code": "498"}, "20333", "old"),
        ({"text": "rác", "reporter_commune": "20242"}, "20242", "reporter"),
        ({"text": "rác"}, None, None),
        ({}, None, None),
    ],
)
def test_locate_takes_every_source(line: dict[str, Any], unit: str | None, basis: str | None) -> None:
    (told,), code = ask("locate", line)
    assert code == 0
    assert (told["unit"], told["basis"]) == (unit, basis)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"text": 5}, "'text' phải là chuỗi"),
        ({"text": "rác", "point": [1]}, "[vĩ độ, kinh độ]"),
        ({"text": "rác", "point": [True, False]}, "[vĩ độ, kinh độ]"),
        ({"text": "rác", "picked_commune": "1"}, "Không có xã, phường, đặc khu mã '1'"),
    ],
)
def test_locate_names_what_is_wrong(line: dict[str, Any], said: str) -> None:
    (told,), code = ask("locate", line)
    assert code == 1
    assert said in told["error"]


def test_route_answers_every_field() -> None:
    (told,), code = ask(
        "route",
        {
            "id": "r",
            "kind": "report",
            "subfield": "urban-infrastructure.street-lighting",
            "commune_code": "20242",
            "province_code": "48",
            "against": None,
            "facts": {"mood": "bad"},
            "on": "2026-11-26",
        },
    )
    assert code == 0
    assert told.pop("reason").startswith("Sở Xây dựng TP Đà Nẵng phụ trách")
    assert told.pop("explained").startswith("Không dòng thẩm quyền riêng nào khớp")
    assert told == {
        "id": "r",
        "outcome": "agency",
        "lead": {
            "agency_type": "department-of-construction",
            "unit_code": "48",
            "code": "department-of-construction:48",
            "name": "Sở Xây dựng TP Đà Nẵng",
        },
        "coordinators": [],
        "accountable": "department-of-construction:48",
        "executing": "lighting-company:48",
        "excluded": [],
        "intake": "lead",
        "address": None,
        "deadline_policy": "field-3d",
        "rule": "taxonomy",
        "source": "bảng phân công mẫu",
        "legal": "no",
        "ignored": ["mood"],
    }


@pytest.mark.parametrize(
    ("facts", "lead"),
    [
        ({"text_place": "phường Thạch Thang"}, "commune-economy-office:20242"),
        ({"picked_commune_code": "20242"}, "commune-economy-office:20242"),
        ({"old_ward_code": "20194"}, "commune-economy-office:20194"),
        ({"old_district_code": "492"}, "feedback-focal-point:48"),
        ({"old_province_code": "49"}, "feedback-focal-point:48"),
        ({"home_commune_code": "00367"}, "commune-economy-office:00367"),
    ],
)
def test_route_finds_the_place_from_its_facts(facts: dict[str, str], lead: str) -> None:
    (told,), _ = ask("route", {"kind": "report", "subfield": "urban-infrastructure.sidewalk", "facts": facts})
    assert told["lead"]["code"] == lead


def test_an_error_inside_is_told_and_logged_and_the_next_line_goes_on(caplog: Any) -> None:
    def answer(line: dict[str, Any]) -> dict[str, Any]:
        return {"half": 1 / line["by"]}

    told: list[str] = []
    assert answer_lines(['{"id":1,"by":0}', "", '{"id":2,"by":2}'], told.append, answer) == 1
    assert json.loads(told[0])["error"].startswith("Lỗi nội bộ")
    assert json.loads(told[0])["exit"] == 1
    assert json.loads(told[1]) == {"id": 2, "half": 0.5}
    assert "could not be answered" in caplog.text


def test_an_error_may_name_the_exit_code_it_stands_for() -> None:
    def answer(line: dict[str, Any]) -> dict[str, Any]:
        raise LineError("Không thấy.", 5)

    told: list[str] = []
    assert answer_lines(['{"id":1}'], told.append, answer) == 1
    assert json.loads(told[0]) == {"id": 1, "error": "Không thấy.", "exit": 5}


@pytest.mark.parametrize(
    "line", ["broken", "[]", b"\xff", '{"id":NaN}', '{"id":Infinity}', '{"id":1,"days":"x"}', "[" * 100_000]
)
def test_every_bad_line_says_the_exit_code_it_stands_for(line: str | bytes) -> None:
    told: list[str] = []
    assert answer_lines([line], told.append, lambda asked: {"days": value_of(asked, "days", int, 0)}) == 1
    assert json.loads(told[0])["exit"] == 2
    assert "NaN" not in told[0]


def test_half_a_character_is_refused_in_words(capsys: Any) -> None:
    def answer(line: dict[str, Any]) -> dict[str, Any]:
        return {"said": line["as"].encode()}

    told: list[str] = []
    answer_lines(['{"id":1,"as":"\\ud800"}'], told.append, answer)
    assert json.loads(told[0]) == {"id": 1, "error": "Dòng có ký tự không viết được bằng UTF-8.", "exit": 2}


def test_vietnamese_is_written_unescaped_and_a_lone_surrogate_does_not_break_the_line() -> None:
    told: list[str] = []
    answer_lines(['{"id":"\\ud800"}'], told.append, lambda line: {"said": "Hải Châu"})
    assert told == ['{"id": "\\ud800", "said": "Hải Châu"}']


@pytest.mark.parametrize("command", ["locate", "route", "deadline"])
def test_without_reference_data_the_cure_is_said(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    ReferenceState.objects.all().delete()
    told, code = ask(command, {"id": 1})
    assert (told, code) == ([], 2)
    assert "loadrefdata" in capsys.readouterr().err


def test_without_json_the_usage_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        call_command("route")
    assert stop.value.code == 2
    assert "--json" in capsys.readouterr().err


def test_what_a_policy_has_not_is_named_as_it_is_written() -> None:
    line = {"policy": "complaint-first", "step": "send", "start": "2026-11-20", "variant": {"extention": 1}}
    (slip, lacks), code = ask("deadline", line, line | {"step": "resolve", "variant": {"extensions": 1}})
    assert code == 1
    assert "extention; có: remote, complex, instance, extensions" in slip["error"]
    assert "bước “extend”" in lacks["error"]
