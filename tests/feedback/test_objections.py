"""Anybody says that something public should not be; who it was nobody learns; a reviewer looks at it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from feedback.forms import objecting
from feedback.models import Objection, Petition
from feedback.steps import take
from feedback.views import objections
from tests import make
from tests.pages import at, words

pytestmark = pytest.mark.django_db

SAID = {"ground": "personal", "words": "Dòng hai có số nhà của tôi."}


def published(**told: Any) -> Petition:
    petition = make.petition("answered", **told)
    take(petition, "publish", by=make.reviewer(), public_text="Vỉa hè bong gạch.")
    return Petition.objects.get(pk=petition.pk)


def address(petition: Petition) -> str:
    return f"/cong-khai/{petition.code}/bao/"


def listed(petition: Petition, person: Any = None) -> bool:
    return petition.printed_code in words(at(person or make.reviewer()).get("/xu-ly/?xem=bi-bao"))


def test_the_public_page_leads_to_a_form_without_cookie_or_token() -> None:
    petition, stranger = published(), Client(enforce_csrf_checks=True)
    assert f'href="{address(petition)}"' in words(stranger.get(f"/cong-khai/{petition.code}/"))
    page = stranger.get(address(petition))
    assert not page.cookies
    assert "csrfmiddlewaretoken" not in words(page)
    answer = stranger.post(address(petition), SAID)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{address(petition)}?xong=1")
    assert not answer.cookies
    assert "Cảm ơn bạn" in words(stranger.get(answer.headers["Location"]))


@pytest.mark.long
def test_it_stands_on_the_desk_of_the_reviewer_there_and_of_nobody_elsewhere() -> None:
    petition = published()
    assert not listed(petition)
    Client().post(address(petition), SAID)
    assert listed(petition)
    assert listed(petition, make.officer())
    assert not listed(petition, make.reviewer("01"))
    page = words(at(make.reviewer()).get(f"/xu-ly/{petition.code}/"))
    assert "Dòng hai có số nhà của tôi." in page
    assert "Dòng hai" not in words(at(make.handler()).get(f"/xu-ly/{petition.code}/"))


def test_who_said_it_is_kept_nowhere() -> None:
    petition, owner = published(), make.user(name="nguoi-bao")
    at(owner).post(address(petition), SAID, REMOTE_ADDR="203.0.113.9")
    kept = Objection.objects.values().get()
    assert set(kept) == {
        *("id", "petition_id", "ground", "words", "at", "settled_at", "settled_by_id", "left_because"),
    }
    assert "203.0.113.9" not in str(kept)
    rest = {str(value) for name, value in kept.items() if name not in ("id", "petition_id")}
    assert str(owner.pk) not in rest


def test_what_is_not_public_cannot_be_objected_to_and_looks_like_nothing() -> None:
    hidden = make.petition("answered")
    bodies = {
        words(Client().post(path, SAID))
        for path in (address(hidden), "/cong-khai/000000000000/bao/", "/cong-khai/abc/bao/")
    }
    assert len(bodies) == 1
    assert not Objection.objects.exists()


def test_without_a_ground_what_was_typed_stays() -> None:
    petition = published()
    answer = Client().post(address(petition), {"words": "Dòng hai"})
    assert answer.status_code == 400
    assert "Xin chọn một lý do." in words(answer)
    assert "Dòng hai" in words(answer)


def test_the_sixth_in_ten_minutes_waits_with_its_words(settings: Any) -> None:
    settings.THROTTLE = True
    petition = published()
    said = [{"ground": "other", "words": f"Lần {number}"} for number in range(objections.MOST + 1)]
    with time_machine.travel(timezone.now().replace(minute=4), tick=False):  # not where a count begins anew
        told = [Client().post(address(petition), one, REMOTE_ADDR="203.0.113.7") for one in said]
    assert [answer.status_code for answer in told] == [303] * objections.MOST + [429]
    assert "Lần 5" in words(told[-1])
    assert Objection.objects.count() == objections.MOST


def test_a_crowd_that_says_the_same_is_one_and_many_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objecting, "MOST_OPEN", 3)
    petition = published()
    for number in (1, 1, 2, 3, 4):
        assert Client().post(address(petition), {"ground": "other", "words": f"{number}"}).status_code == 303
    assert Objection.objects.count() == 3


@pytest.mark.long
def test_what_was_looked_at_and_left_leaves_the_desk_with_its_reason() -> None:
    petition, reviewer = published(), make.reviewer()
    Client().post(address(petition), SAID)
    leave = f"/xu-ly/{petition.code}/de-nguyen/"
    assert at(make.handler()).post(leave, {"reason": "x", "shown": 1}).status_code == 403
    page = words(at(reviewer).get(petition.get_absolute_url()))
    shown = re.search(r'name="shown" value="(\d+)"', page)
    assert shown
    read = {"shown": shown[1]}
    Client().post(address(petition), {"ground": "child", "words": "Cháu tôi học ở đó"})
    for told in ({"reason": " ", **read}, {"reason": "Là số nhà của cơ quan."}):
        at(reviewer).post(leave, told)
        assert Objection.objects.open().count() == 2
    at(reviewer).post(leave, {"reason": "Là số nhà của cơ quan.", **read})
    assert [one.ground for one in Objection.objects.open()] == ["child"], "that he has not read"
    kept = Objection.objects.earliest("pk")
    assert (kept.settled_by, kept.left_because) == (reviewer, "Là số nhà của cơ quan.")
    assert Client().get(f"/cong-khai/{petition.code}/").status_code == 200


def test_a_copy_that_is_gone_settles_what_was_said_of_it() -> None:
    petition, reviewer = published(), make.reviewer()
    Client().post(address(petition), SAID)
    step = take(petition, "unpublish", by=reviewer, reason="Còn số nhà")
    kept = Objection.objects.get()
    assert (kept.settled_at, kept.settled_by) == (step.at, reviewer)


@pytest.mark.long
def test_a_mended_copy_settles_what_its_mender_has_read() -> None:
    petition, reviewer = published(), make.reviewer()
    Client().post(address(petition), SAID)
    page = words(at(reviewer).get(f"{petition.get_absolute_url()}?lam=publish"))
    read = re.search(r'name="objections_read" value="(\d+)"', page)
    assert read
    Client().post(address(petition), {"ground": "child", "words": "Cháu tôi học ở đó"})
    typed = {"public_text": "Vỉa hè ▇▇▇ bong gạch.", "objections_read": read[1]}
    assert at(reviewer).post(f"/xu-ly/{petition.code}/publish/", typed).status_code == 302
    assert [one.ground for one in Objection.objects.open()] == ["child"]
    kept = Objection.objects.earliest("pk")
    assert (kept.settled_at, kept.settled_by) == (petition.steps.latest("seq").at, reviewer)
    take(petition, "publish", by=reviewer, public_text="Vỉa hè bong.")
    assert Objection.objects.open().exists(), "a command has shown nobody anything"


def test_words_that_were_said_go_with_what_is_erased() -> None:
    petition = published()
    Client().post(address(petition), SAID)
    take(petition, "erase", by=make.user(Role.ADMINISTRATOR), rule="on-request")
    assert Objection.objects.get().words == ""


def test_the_senders_page_and_the_public_page_tell_nothing_of_it() -> None:
    petition = published()
    before = words(Client().get(f"/cong-khai/{petition.code}/"))
    Client().post(address(petition), SAID)
    assert words(Client().get(f"/cong-khai/{petition.code}/")) == before
    assert not re.search("bị báo", before, re.IGNORECASE)
