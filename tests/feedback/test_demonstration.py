"""A small demonstration: complete, sound, private and the same every time."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.db.models import signals
from django.test import Client
from pytest_django import DjangoDbBlocker

from accounts.models import Post, Role, User
from classifier.text import fold
from config.management.commands import demo
from feedback import anchors, attachments
from feedback.demonstration import house, pictures, writing
from feedback.demonstration.house import NotHereError, Told, Wish
from feedback.demonstration.plan import SPLIT_OFF, draw
from feedback.demonstration.rhythm import Rhythm
from feedback.demonstration.writing import Slots
from feedback.finding.indexing import reindex
from feedback.finding.looking import find_published, read
from feedback.followups import waiting
from feedback.models import AnchoredDay, Notice, Petition, PublicPetition, Step
from feedback.verification import verify
from publication.opendata import FILES
from routing.calendar import LOCAL, MissingCalendarError
from routing.loading import reference_data_ready
from routing.models import Subfield
from search.engines import chosen
from tests import make
from tests.conftest import put_back

WISH = Wish(petitions=24, seed=1, until=dt.date(2026, 11, 26))
PLANTED = Path(__file__).parent.parent / "planted.jsonl"

STATES = (
    *("draft", "submitted", "needs_info", "rejected", "redirected", "received", "assigned", "returned"),
    *(
        "in_progress",
        "suspended",
        "pending_approval",
        "answered",
        "reopened",
        "closed",
        "withdrawn",
        "merged",
    ),
)


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Told]:
    """Made once for this file; undone after it."""
    with django_db_blocker.unblock():
        if reference_data_ready() != "ok":  # a test before us emptied the tables
            put_back()
        with transaction.atomic():
            yield house.make(WISH)
            transaction.set_rollback(True)


def planted() -> list[str]:
    """Names, telephones, plates, numbers, addresses and e-mail addresses of the invented people."""
    rows = [json.loads(line) for line in PLANTED.read_text(encoding="utf-8").splitlines()]
    return [str(row["text"]) for row in rows]


@pytest.mark.long
def test_it_makes_as_many_as_asked_in_all_sixteen_states(told: Told) -> None:
    assert told.petitions == Petition.objects.count() == 24
    assert sorted(told.by_state) == sorted(STATES)
    assert told.steps == Step.objects.count() > 100


@pytest.mark.long
def test_every_chain_of_it_verifies_once_its_days_are_anchored_and_no_work_is_left(
    told: Told, settings: Any, tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    assert {bad.why[:5] for bad in verify().bad} == {"ngày "}
    with transaction.atomic():
        anchors.make()
        assert verify().bad == []
        transaction.set_rollback(True)
    anchors.forget()
    assert not waiting().exists()


@pytest.mark.long
def test_its_steps_go_forward_in_time_and_end_before_today(told: Told) -> None:
    for petition in Petition.objects.prefetch_related("steps"):
        moments = [step.at for step in petition.steps.all()]
        assert moments == sorted(moments)
        assert all(moment < dt.datetime(2026, 11, 26, tzinfo=LOCAL) for moment in moments)


@pytest.mark.long
def test_letters_wait_in_the_outbox_and_none_is_to_be_mailed(told: Told) -> None:
    assert Notice.objects.exists()
    assert set(Notice.objects.values_list("channel", flat=True)) == {"outbox"}


@pytest.mark.django_db
@pytest.mark.long
def test_the_pictures_say_that_they_are_drawn_and_pass_the_door_of_files() -> None:
    assert set(pictures.SEEN) < set(writing.matters())
    for subfield in pictures.SEEN:
        first, again = (pictures.before(subfield) for _time in range(2))
        assert first
        assert again
        assert first.read() == again.read()
        first.seek(0)
        [kept] = attachments.clean([first])
        assert (kept.media_type, kept.name) == ("image/png", "hien-truong.png")
        assert kept.size < 10_000
    mended = [subfield for subfield in writing.matters() if pictures.after(subfield)]
    assert "transport.road-surface" in mended
    assert pictures.before("urban-order.noise") is None


@pytest.mark.long
def test_nothing_planted_is_on_a_public_page(told: Told, client: Client) -> None:
    shown = PublicPetition.objects.select_related("petition")
    traces = planted()
    assert any(trace in row.petition.text for row in shown for trace in traces)
    days = {row.published_at.date() for row in shown}
    paths = [
        *(f"/cong-khai/{row.code}/" for row in shown),
        *("/cong-khai/", "/cong-khai/atom.xml", "/cong-khai/ban-do/", "/cong-khai/ban-do/48/"),
        *("/sitemap.xml", *(f"/sitemap/{day}.xml" for day in days)),
        *("/thong-ke/", "/thong-ke/?format=json", "/thong-ke/?by=agency", "/tim/?q=duong"),
        *("/thong-ke/bao-cao/", "/du-lieu-mo/chi-tieu/"),
        *("/tim/?q=nha&xep=moi", "/du-lieu-mo/", *(f"/du-lieu-mo/{file.name}" for file in FILES)),
    ]
    for path in paths:
        page = client.get(path)
        assert page.status_code == 200, path
        assert not [trace for trace in traces if trace in page.getvalue().decode()], path


@pytest.mark.long
def test_nothing_planted_is_found_by_everybody(told: Told) -> None:
    chosen().clear()
    reindex()
    assert find_published(read("đường"))[0].total
    assert not [trace for trace in planted() if find_published(read(f'"{trace}"'))[0].total]


@pytest.mark.long
def test_made_again_it_finds_all_of_it_done(told: Told) -> None:
    assert house.here() == WISH
    assert house.make(WISH) == told


@pytest.mark.long
def test_another_one_is_refused_beside_it(told: Told) -> None:
    with pytest.raises(NotHereError, match="khác"):
        house.make(Wish(petitions=24, seed=99, until=WISH.until))


@pytest.mark.long
def test_a_draft_is_seen_by_nobody_at_the_desk(told: Told) -> None:
    focal_point = make.focal_point()
    assert not Petition.objects.visible_to(focal_point).filter(state="draft").exists()


@pytest.mark.long
@pytest.mark.django_db
def test_the_same_arguments_draw_the_same_year() -> None:
    rhythm = Rhythm.before(WISH.until)
    once, again = (draw(200, seed=5, rhythm=rhythm) for _time in range(2))
    other = draw(200, seed=6, rhythm=rhythm)
    assert [(plan.at, plan.script, plan.written) for plan in once] == [
        (plan.at, plan.script, plan.written) for plan in again
    ]
    assert [plan.written for plan in once] != [plan.written for plan in other]


@pytest.mark.long
@pytest.mark.django_db
def test_the_storm_brings_drains_and_trees_and_tet_brings_little() -> None:
    rhythm = Rhythm.before(WISH.until)
    plans = draw(1000, seed=1, rhythm=rhythm)
    days = [plan.at.date() for plan in plans]
    storm = [plan for plan in plans if plan.storm]
    wet = [plan for plan in storm if plan.subfield.startswith("urban-infrastructure.")]
    assert len(storm) > 70
    assert len(wet) > len(storm) / 2
    assert sum(dt.date(2026, 2, 16) <= day <= dt.date(2026, 2, 20) for day in days) < 15


@pytest.mark.django_db
def test_a_year_without_a_calendar_is_refused_by_name() -> None:
    with pytest.raises(MissingCalendarError, match="2029"):
        Rhythm.before(dt.date(2030, 3, 1))


def asked_for(petitions: int, **more: Any) -> None:
    call_command("demo", petitions=petitions, stdout=io.StringIO(), stderr=io.StringIO(), **more)


def left_alone(var: Path, *, people: int, petitions: int) -> bool:
    found = (User.objects.count(), Petition.objects.count(), (var / "demonstration.txt").exists())
    return found == (people, petitions, False)


@pytest.mark.django_db
@pytest.mark.parametrize("petitions", [0, 3])
def test_a_house_with_a_real_petition_is_left_alone(
    reference_data: None, settings: Any, tmp_path: Path, petitions: int
) -> None:
    settings.VAR = tmp_path
    make.petition()
    before = User.objects.count()
    with pytest.raises(CommandError, match="đơn thật") as refused:
        asked_for(petitions)
    assert refused.value.returncode == 3
    assert left_alone(tmp_path, people=before, petitions=1)


@pytest.mark.django_db
@pytest.mark.parametrize("petitions", [0, 3])
@pytest.mark.parametrize("name", ["ad", "quantri"])
def test_a_house_whose_people_are_real_is_left_alone(
    reference_data: None, settings: Any, tmp_path: Path, petitions: int, name: str
) -> None:
    settings.VAR = tmp_path
    real = make.user(Role.HANDLER, make.HAI_CHAU, name=name)
    with pytest.raises(CommandError, match="người thật") as refused:
        asked_for(petitions)
    assert refused.value.returncode == 3
    assert left_alone(tmp_path, people=1, petitions=0)
    assert [post.role for post in Post.objects.filter(user=real)] == [Role.HANDLER]


@pytest.mark.django_db
def test_what_cannot_be_played_makes_nobody(reference_data: None, settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    with pytest.raises(CommandError, match="Chưa có lịch"):
        asked_for(5, until="2031-01-01")
    AnchoredDay.objects.create(day=WISH.until, hash="0" * 64)
    with pytest.raises(CommandError, match="đã neo"):
        asked_for(5, until="2026-11-26")
    assert left_alone(tmp_path, people=0, petitions=0)


@pytest.mark.django_db
def test_accounts_alone_are_made_in_an_empty_house_that_says_so_and_found_again(
    reference_data: None, settings: Any, tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    asked_for(0)
    assert (tmp_path / "demonstration.txt").exists()
    (tmp_path / "demonstration.txt").unlink()  # as an earlier release left it
    asked_for(0)
    assert User.objects.count() == 16
    assert (tmp_path / "demonstration.txt").exists()


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize(("clock_open", "anchored"), [(False, True), (True, False)])
def test_the_command_anchors_the_days_that_it_played(
    reference_data: None, settings: Any, tmp_path: Path, clock_open: bool, anchored: bool
) -> None:
    """Verified right after it was made, such a house cries no wolf; a pretended clock keeps its days open."""
    settings.VAR, settings.CLOCK_OPEN = tmp_path, clock_open
    said = io.StringIO()
    call_command("demo", petitions=1, until="2026-11-24", stdout=said, stderr=io.StringIO())
    assert "xuly.haichau (Cán bộ phường Hải Châu)" in said.getvalue()
    assert AnchoredDay.objects.exists() is anchored
    assert verify().bad == []


@pytest.mark.django_db
@pytest.mark.long
def test_nothing_is_played_into_days_that_are_anchored() -> None:
    AnchoredDay.objects.create(day=WISH.until, hash="0" * 64)
    with pytest.raises(NotHereError, match="đã neo"):
        house.make(WISH)
    assert not Petition.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"petitions": -1}, "Số đơn từ 0"),
        ({"petitions": 5, "until": "26/11/2026"}, "ngày phải viết"),
        ({"petitions": 5, "until": "2031-01-01"}, "Chưa có lịch làm việc năm"),
    ],
)
def test_a_wish_that_cannot_be_meant_is_told_so(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence) as refused:
        call_command("demo", **options)
    assert refused.value.returncode == 2


@pytest.mark.django_db
def test_typed_by_hand_it_refuses_in_one_sentence_alone(reference_data: None) -> None:
    typed, said = demo.Command(), io.StringIO()
    typed._called_from_command_line = True  # type: ignore[attr-defined]  # as Django sets it
    with pytest.raises(SystemExit) as refused:
        call_command(typed, petitions=-1, stderr=said)
    assert refused.value.code == 2
    assert said.getvalue().startswith("Số đơn từ 0")


@pytest.mark.django_db
def test_where_letters_would_leave_the_house_it_is_not_made(settings: Any) -> None:
    settings.EMAIL_URL = "smtp://mail.example.vn"
    with pytest.raises(CommandError, match="EMAIL_URL"):
        call_command("demo", petitions=5)


@pytest.mark.django_db
def test_every_page_of_such_a_house_says_that_nothing_is_real(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    assert "Dữ liệu trình diễn" not in client.get("/").content.decode()
    (tmp_path / "demonstration.txt").touch()
    assert "Dữ liệu trình diễn" in client.get("/").content.decode()


@pytest.mark.django_db
def test_a_house_whose_people_could_not_be_made_bears_no_mark(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path

    def breaks(**_told: Any) -> None:
        raise DatabaseError("disk I/O error")

    signals.pre_save.connect(breaks, sender=Post)
    try:
        with pytest.raises(DatabaseError):
            house.begin(Wish(0, 1, dt.date(2026, 11, 26)))
    finally:
        signals.pre_save.disconnect(breaks, sender=Post)
    assert not (tmp_path / "demonstration.txt").exists()
    assert not User.objects.exists()


@pytest.mark.long
@pytest.mark.django_db
def test_what_people_write_about_are_sub_fields_with_many_ways_of_saying() -> None:
    known = set(Subfield.objects.values_list("slug", flat=True))
    assert set(writing.matters()) <= known
    assert sum(len(matter.texts) >= 6 for matter in writing.matters().values()) >= 60


@pytest.mark.long
def test_every_sentence_finds_its_street_number_and_hour() -> None:
    for matter in writing.matters().values():
        for text in (*matter.texts, *(answer.says for answer in matter.answers)):
            slots = Slots(Random(1), writing.places()[0])
            slots["hom"] = "01/11/2026"
            assert "{" not in text.format_map(slots)


@pytest.mark.long
def test_every_text_has_an_answer_and_every_answer_a_text_that_it_is_about() -> None:
    for slug, matter in writing.matters().items():
        assert all(matter.answers_to(text) for text in matter.texts), slug
        for answer in matter.answers:
            for words in answer.about:
                one = replace(answer, about=(words,))
                assert any(one.fits(fold(text)) for text in matter.texts), (slug, words)


@pytest.mark.long
def test_an_answer_is_about_what_was_written_with_or_without_marks() -> None:
    text = "Nhà vệ sinh công cộng trên đường Cửa Đại khóa cửa cả tuần"
    for written in (text, fold(text)):
        [answer] = writing.matters()["urban-infrastructure.public-facilities"].answers_to(written)
        assert answer.says.startswith("Nhà vệ sinh công cộng đường {duong} đã mở lại")


@pytest.mark.long
def test_neither_a_place_nor_the_words_around_a_text_choose_its_answer() -> None:
    moods = writing.moods()
    voices = (*moods["openings"].values(), *moods["closings"].values(), moods["consequences"])
    around = [line for voice in voices for lines in voice.values() for line in lines]
    around += writing.tellings()
    around += writing.refusals()["grounds"]["already_answered"]["added"]
    around += [name for spot in writing.places() for name in (spot.name, *spot.streets, *spot.spots)]
    chosen = {
        (slug, line)
        for slug, matter in writing.matters().items()
        for line in map(fold, around)
        if any(answer.fits(line) for answer in matter.answers)
    }
    assert not chosen


@pytest.mark.long
def test_the_second_trouble_of_a_text_chooses_no_answer_to_its_first() -> None:
    for second in SPLIT_OFF:
        for text in map(fold, writing.matters()[second].texts):
            for slug, matter in writing.matters().items():
                assert slug == second or not any(answer.fits(text) for answer in matter.answers), (slug, text)


def test_who_writes_of_the_same_trouble_is_answered_by_the_same_words() -> None:
    for slug in ("urban-infrastructure.flooding-drainage", "environment.waste-collection"):
        matter = writing.matters()[slug]
        for text in matter.texts:
            for other in matter.texts_like(text):
                assert set(matter.answers_to(text)) <= set(matter.answers_to(other))


def test_every_matter_is_of_one_sort_and_every_word_around_it_has_a_way() -> None:
    assert set(writing.sorts()) == set(writing.matters())
    for sort in set(writing.sorts().values()):
        for name in writing.moods().keys() - {"returning"}:  # worded by the reason that is given
            told = writing.moods()[name]
            voices = told.values() if name in ("openings", "closings") else [told]
            assert all(writing.ways_of(voice, sort) for voice in voices), (sort, name)


@pytest.mark.django_db
@pytest.mark.long
def test_whatever_is_refused_or_sent_elsewhere_was_written_so() -> None:
    plans = draw(2000, seed=3, rhythm=Rhythm.before(WISH.until))
    told = writing.refusals()
    grounds = {plan.ground for plan in plans}
    assert grounds == {*told["grounds"], ""}
    for plan in plans:
        text = fold(plan.written.text)
        if plan.ground in ("abusive", "court"):
            assert any(_begins(way) in text for way in told["grounds"][plan.ground]["texts"])
        if plan.ground == "already_answered":
            assert any(fold(way) in text for way in told["grounds"]["already_answered"]["added"])
        if plan.ground in ("spam", "out_of_scope"):
            assert (
                plan.subfield
                == {"spam": "other.spam-abuse", "out_of_scope": "other.out-of-scope"}[plan.ground]
            )
        if plan.script == "redirected":
            [body] = [row for row in told["elsewhere"] if row["body"] == plan.body[0]]
            assert any(_begins(way) in text for way in body["texts"])


def _begins(way: str) -> str:
    return fold(way.split("{")[0])


def test_no_text_names_its_spot_a_second_time_around_it() -> None:
    spot = next(spot for spot in writing.places() if "bãi biển Mỹ Khê" in spot.spots)
    for seed in range(300):
        slots = Slots(Random(seed), spot)
        written = writing.petition(Random(seed), "urban-order.noise", slots, located=True)
        assert fold(written.text).count(fold(slots["moc"])) <= 1, written.text


def test_the_planted_traces_are_those_of_the_invented_people() -> None:
    assert sorted(planted()) == sorted(trace for person in writing.people() for trace in person.values())


@pytest.mark.long
def test_in_a_house_without_tables_it_says_what_comes_first(tmp_path: Path) -> None:
    alone = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    asked = subprocess.run(
        [sys.executable, "manage.py", "demo", "--petitions", "1"],
        env=alone | {"HOIAM_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (asked.returncode, "Traceback" in asked.stderr) == (2, False)
    assert "manage.py prepare" in asked.stderr


@pytest.mark.long
def test_a_process_that_reads_ahead_needs_no_django() -> None:
    """As `multiprocessing` starts one: the function comes by name, and nothing was set up."""
    code = (
        f"import pickle, sys; read = pickle.loads({pickle.dumps(house.read_here)!r});"
        "print(read('Mất điện ở phường Hải Châu').kind, 'django' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["report", "False"]


@pytest.mark.long
def test_some_of_its_answers_say_nothing_and_most_do_not(told: Told) -> None:
    sent = [bool(step.facts.get("empty")) for step in Step.objects.filter(action="approve")]
    assert 0 < sum(sent) < len(sent) / 2
