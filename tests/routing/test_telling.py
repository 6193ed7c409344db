"""Moments and numbers as people here say them."""

import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from routing import telling
from routing.telling import ago, article, day, moment, number, of_a_day, reason, short_day

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = dt.datetime(2026, 11, 27, 9, 0, tzinfo=HERE)


def test_a_moment_names_its_weekday_at_plus_seven() -> None:
    assert moment(dt.datetime(2026, 11, 27, 10, 0, tzinfo=dt.UTC)) == "thứ Sáu 27/11/2026 17:00"
    # Still Thursday in UTC.
    assert day(dt.datetime(2026, 11, 26, 17, 5, tzinfo=dt.UTC)) == "thứ Sáu 27/11/2026"
    assert short_day(dt.date(2026, 11, 29)) == "29/11/2026"
    assert day(dt.date(2026, 11, 29)) == "Chủ nhật 29/11/2026"


def test_nothing_is_said_of_no_moment() -> None:
    assert (moment(None), day(None), short_day(None)) == ("", "", "")


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW - dt.timedelta(seconds=20), "vừa xong"),
        (NOW - dt.timedelta(minutes=5), "5 phút trước"),
        (NOW - dt.timedelta(hours=3), "3 giờ trước"),
        (NOW - dt.timedelta(hours=10), "hôm qua"),
        (NOW - dt.timedelta(days=6), "6 ngày trước"),
        (NOW - dt.timedelta(days=59), "59 ngày trước"),
        (NOW - dt.timedelta(days=60), "2 tháng trước"),
        (NOW - dt.timedelta(days=364), "12 tháng trước"),
    ],
)
def test_how_long_ago(at: dt.datetime, said: str) -> None:
    assert ago(at, NOW) == said


def test_numbers_are_written_the_way_of_the_language() -> None:
    assert number(1234567) == "1.234.567"
    assert number(1234.5, 1) == "1.234,5"
    with translation.override("en"):
        assert number(1234.5, 1) == "1,234.5"


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("1 ngày làm việc kể từ 02/11", "1 working day from 02/11"),
        ("11 ngày làm việc kể từ 02/11", "11 working days from 02/11"),
        (
            "4 giờ kể từ 23:30 14/02, tính cả đêm và ngày nghỉ vì nơi giải quyết trực 24/7",
            "4 hours from 23:30 14/02, nights and weekends too: on duty 24/7",
        ),
        ("5 ngày; đã trừ 1 ngày tạm dừng", "5 days; 1 day of waiting left out"),
    ],
)
def test_a_kept_reason_counts_one_as_one_in_english(sentence: str, said: str) -> None:
    with translation.override("en"):
        assert reason(sentence) == said
    assert reason(sentence) == sentence


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("ngày xảy ra sự việc, không tính", "the day itself, not counted"),
        ("ngày làm việc thứ 2 (làm bù cho ngày 02/01/2026)", "working day 2 (made up for 02/01/2026)"),
        ("Chủ nhật: hạn chuyển sang ngày làm việc kế tiếp", "Sunday: moved to the next working day"),
        ("ngày thứ 10, ngày làm việc kế tiếp", "day 10, the next working day"),
        ("ngày thứ 30; gia hạn từ đây", "day 30; extended from here"),
        ("tính 3 giờ 20 phút, tạm dừng 1 giờ", "3 h 20 min, paused 1 h"),
        ("Ngày Quốc khánh", "Ngày Quốc khánh"),
    ],
)
def test_why_a_day_counts_or_not_in_english(sentence: str, said: str) -> None:
    with translation.override("en"):
        assert of_a_day(sentence) == said
    assert of_a_day(sentence) == sentence


@pytest.mark.parametrize(
    ("basis", "said"),
    [
        ("Luật Khiếu nại 2011, Điều 28", "Law on Complaints 2011, Article 28"),
        (
            "Nghị định 124/2020/NĐ-CP, Điều 16, sửa bởi Nghị định 155/2026/NĐ-CP",
            "Decree 124/2020/NĐ-CP, Article 16, amended by Decree 155/2026/NĐ-CP",
        ),
        (
            "Nghị định 20/2008/NĐ-CP, Điều 9 khoản 1 điểm d",
            "Decree 20/2008/NĐ-CP, Article 9 clause 1 point d",
        ),
    ],
)
def test_the_basis_of_a_limit_is_told_in_the_language_of_its_reader(basis: str, said: str) -> None:
    assert article(basis) == basis
    with translation.override("en"):
        assert article(basis) == said


def test_every_basis_that_ships_is_known_in_english() -> None:
    rows = (Path(telling.__file__).parent / "data" / "policy_steps.yaml").read_text(encoding="utf-8")
    with translation.override("en"):
        told = [article(basis) for basis in re.findall(r'article: "((?:Luật|Nghị định)[^"]*)"', rows)]
    assert told
    assert not re.search(r"Luật|Nghị định|Điều|khoản|điểm|sửa|phức|ngay", " ".join(told))
