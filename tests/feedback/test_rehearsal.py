"""What a changed row of competence would have done to the last petitions, shown before it is kept."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Post, Role, User
from feedback.rehearsal import rehearse
from feedback.steps import take
from routing.models import CompetenceRule
from tests import make
from tests.pages import at

pytestmark = pytest.mark.django_db

ADD = "/quan-tri/routing/competencerule/add/"
ECONOMY, CULTURE = (
    "Phòng Kinh tế, Hạ tầng và Đô thị phường Hải Châu",
    "Phòng Văn hóa - Xã hội phường Hải Châu",
)


def rule(**columns: Any) -> CompetenceRule:
    plain = {
        "slug": "via-he",
        "subfields": [make.SIDEWALK],
        "lead": "commune-culture-society-office",
        "legal": "no",
        "reason": "thử",
        "source": "Quy chế thử",
    }
    return CompetenceRule(**plain | columns)


def watcher() -> User:
    return make.user("auditor")


def today() -> dt.date:
    return timezone.localdate()


def test_those_that_would_have_gone_another_way_are_named_and_nothing_is_kept() -> None:
    here = make.petition("in_progress")
    make.petition("in_progress", subfield="urban-order.noise")
    told = rehearse(rule(), user=watcher(), today=today())
    assert (told.asked, [one.code for one in told.differences]) == (2, [here.code])
    assert told.ways == [((f"{ECONOMY} (field-7d)", f"{CULTURE} (field-7d)"), 1)]
    assert not CompetenceRule.objects.filter(slug="via-he").exists()


def test_a_row_that_begins_later_is_asked_on_its_first_day() -> None:
    make.petition("in_progress")
    begins = today() + dt.timedelta(days=40)
    told = rehearse(rule(valid_from=begins), user=watcher(), today=today())
    assert (told.on, len(told.differences)) == (begins, 1)


def test_a_row_that_is_ended_is_asked_on_the_day_after() -> None:
    make.petition("in_progress")
    kept = rule()
    kept.save()
    kept.valid_to = today() + dt.timedelta(days=3)
    told = rehearse(kept, user=watcher(), today=today())
    assert told.on == today() + dt.timedelta(days=4)
    assert [(one.before, one.after) for one in told.differences] == [
        (f"{CULTURE} (field-7d)", f"{ECONOMY} (field-7d)")
    ]


def test_who_is_complained_of_is_known() -> None:
    petition = make.petition("in_progress", anew=True)
    against = {"agency_type": "commune-police", "unit_code": "20242", "role": "unit"}
    take(petition, "reclassify", by=make.focal_point(), why="x", against=against)
    asks = rule(facts={"accused_type": "commune-police"})
    assert len(rehearse(asks, user=watcher(), today=today()).differences) == 1


def test_a_petition_that_one_may_not_see_is_not_tried() -> None:
    make.petition("in_progress")
    nobody = rehearse(rule(), user=make.handler("commune-police:20242"), today=today())
    assert (nobody.asked, nobody.differences) == (0, [])


@pytest.mark.long
def test_a_thousand_cost_no_more_questions_than_two() -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            rehearse(rule(), user=watcher(), today=today())
        return len(captured)

    make.petition("in_progress")
    asked()
    few = asked()
    for _number in range(5):
        make.petition("in_progress")
    assert asked() == few


# --- in the admin -----------------------------------------------------------------------------------------


@pytest.fixture
def administrator() -> Client:
    person = get_user_model().objects.create_superuser("quantri", password="mot-mat-khau-du-dai")
    Post.objects.create(user=person, role=Role.ADMINISTRATOR)
    return at(person)


def posted(**columns: Any) -> dict[str, Any]:
    row = rule(**columns)
    lists = {
        name: json.dumps(getattr(row, name)) for name in ("kinds", "subfields", "fields", "coordinators")
    }
    return {
        **lists,
        "facts": json.dumps(row.facts),
        **{
            name: getattr(row, name)
            for name in ("slug", "rung", "outcome", "lead", "outside", "legal", "reason", "source")
        },
        "valid_from": "2026-01-01",
        "_save": "1",
    }


def test_saving_shows_first_what_would_change_and_keeps_it_when_confirmed(administrator: Client) -> None:
    petition = make.petition("in_progress")
    page = administrator.post(ADD, posted()).content.decode()
    assert "1 đơn sẽ đi nơi khác" in page
    assert petition.code in page
    assert CULTURE in page
    assert not CompetenceRule.objects.filter(slug="via-he").exists()

    assert administrator.post(ADD, posted() | {"_rehearsed": "1"}).status_code == 302
    assert CompetenceRule.objects.filter(slug="via-he").exists()


def test_a_row_that_changes_nothing_is_kept_at_once(administrator: Client) -> None:
    make.petition("in_progress")
    assert administrator.post(ADD, posted(facts={"system": "x"})).status_code == 302
    assert CompetenceRule.objects.filter(slug="via-he").exists()


def test_a_tie_is_refused_on_the_form(administrator: Client) -> None:
    rule().save()
    page = administrator.post(ADD, posted(slug="via-he-2")).content.decode()
    assert "ngang hàng với “via-he”" in page
    assert not CompetenceRule.objects.filter(slug="via-he-2").exists()


def test_rows_made_for_it_tell_the_administrator_nothing_of_who_is_denounced(administrator: Client) -> None:
    petition = make.petition("received", anew=True)
    take(petition, "seal", by=make.officer(), kind="denunciation")
    accused = {"agency_type": "commune-people-committee", "unit_code": "20242", "role": "head"}
    take(petition, "reclassify", by=make.officer(), why="x", against=accused)
    asks = {"accused_type": "commune-people-committee", "accused_role": "head"}
    asked = {"kinds": ["denunciation"], "subfields": [], "facts": asks}
    row = {**asked, "rung": "elsewhere", "outcome": "redirect_out", "lead": "", "outside": "court"}
    assert len(rehearse(rule(**row), user=watcher(), today=today()).differences) == 1
    assert administrator.post(ADD, posted(**row)).status_code == 302


def test_a_row_that_asks_for_what_no_petition_keeps_says_that_it_was_not_tried(administrator: Client) -> None:
    make.petition("in_progress")
    answer = administrator.post(ADD, posted(facts={"road_class": "provincial"}), follow=True)
    assert "Không thử được trên đơn cũ: đơn không lưu dữ kiện road_class" in answer.content.decode()
    assert CompetenceRule.objects.filter(slug="via-he").exists()
