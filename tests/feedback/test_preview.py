"""Before everyone reads it the sender does: exactly that, with what he hides more, or not at all."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from feedback import public
from feedback.models import Petition, PublicPetition
from feedback.permissions import Holder
from feedback.public.copies import UNSEEN
from feedback.steps import NotNow, take
from feedback.verification import verify
from routing.models import Subfield
from tests import make
from tests.pages import at, opened, words

pytestmark = pytest.mark.django_db

TEXT = "Vỉa hè trước quán Cây Me bong gạch, gọi tôi 0905 123 456."
SHOWN = "Vỉa hè trước quán Cây Me bong gạch, gọi tôi ▇▇▇."
DAY = dt.timedelta(days=1)


def answered(**told: Any) -> Petition:
    return make.petition("answered", **{"text": TEXT} | told)


def offered(petition: Petition, text: str = SHOWN, **told: Any) -> None:
    take(petition, "offer_publication", by=make.reviewer(), public_text=text, **told)


def page_of(client: Client, petition: Petition) -> str:
    return words(client.get(f"/tra-cuu/{petition.code}/khong-cong-khai/"))


def body(page: str) -> str:
    """All that is said of the petition itself, without the page around it."""
    told = re.search(r'<div class="beside">.*?</aside>', page, re.DOTALL)
    assert told
    return " ".join(re.sub(r"</?h[12]>|<dt>Ngày công khai</dt><dd>.*?</dd>", "", told[0]).split())


@pytest.mark.long
def test_what_is_public_already_is_mended_and_not_published_as_if_for_the_first_time() -> None:
    petition, reviewer = answered(), at(make.reviewer())
    before = words(reviewer.get(f"/xu-ly/{petition.code}/"))
    take(petition, "publish", by=make.reviewer(), public_text=SHOWN, public_answer="Đã lát lại.")
    after = words(reviewer.get(f"/xu-ly/{petition.code}/"))
    assert ("Gửi người gửi xem trước" in before, "Sửa bản công khai" in before) == (True, False)
    named = set(re.findall(r"\?lam=(\w+)[^>]*>(?:<svg.*?</svg>)?([^<]+)<", after))
    assert {
        ("publish", "Sửa bản công khai"),
        ("offer_publication", "Gửi bản sửa cho người gửi xem trước"),
    } <= named
    form = words(reviewer.get(f"/xu-ly/{petition.code}/?lam=publish"))
    assert re.search(r"data-submit>Sửa bản công khai", form)
    told = {"public_text": f"{SHOWN} Thêm.", "public_answer": "Đã lát lại.", "chosen": "1", "sure": "1"}
    answer = reviewer.post(f"/xu-ly/{petition.code}/publish/", told, follow=True)
    assert "Đã xong: sửa bản công khai." in words(answer)


@pytest.mark.long
def test_the_sender_sees_just_what_everybody_will_read() -> None:
    petition = answered(lat=16.047123, lon=108.206456)
    offered(petition, public_answer="Đã lát lại.")
    before = body(page_of(opened(petition), petition))
    take(petition, "agree_publication", by=make.holder(petition))
    take(petition, "publish", by=make.reviewer(), public_text=SHOWN, public_answer="Đã lát lại.")
    assert before == body(words(Client().get(f"/cong-khai/{petition.code}/")))
    assert SHOWN in before


def test_what_is_only_shown_to_the_sender_is_public_nowhere() -> None:
    petition = answered()
    offered(petition)
    assert Client().get(f"/cong-khai/{petition.code}/").status_code == 404
    assert not PublicPetition.objects.exists()
    assert Client().get(f"/tra-cuu/{petition.code}/khong-cong-khai/").status_code == 404


@pytest.mark.long
def test_a_signed_in_sender_sees_it_too() -> None:
    petition = answered(petitioner=make.user(name="nguoi-gui"))
    offered(petition)
    owner = petition.petitioner
    assert owner
    assert SHOWN in page_of(at(owner), petition)
    assert "Bản công khai đã soạn xong" in words(at(owner).get(f"/tra-cuu/{petition.code}/"))


def test_before_anybody_reviewed_it_the_sender_sees_what_the_machine_would_leave() -> None:
    petition = make.petition("received", text=TEXT)
    page = page_of(opened(petition), petition)
    assert "cán bộ còn xem lại" in page
    assert SHOWN in page
    assert "0905" not in page


@pytest.mark.long
def test_words_that_the_sender_hides_are_hidden_at_once_and_stay_so() -> None:
    petition = answered()
    offered(petition)
    browser = opened(petition)
    told = {"hide": "quán  cây me\nĐừng đăng tên trường", "seq": petition.steps.count()}
    answer = browser.post(f"/tra-cuu/{petition.code}/khong-cong-khai/", told)
    assert answer.headers["Location"] == f"/tra-cuu/{petition.code}/khong-cong-khai/"
    hidden = "Vỉa hè trước ▇▇▇ bong gạch, gọi tôi ▇▇▇."
    assert hidden in page_of(browser, petition)
    desk = words(at(make.reviewer()).get(f"/xu-ly/{petition.code}/"))
    assert hidden in desk
    assert "Đừng đăng tên trường" in desk
    with pytest.raises(ValidationError) as refused:
        take(petition, "publish", by=make.reviewer(), public_text=SHOWN)
    assert refused.value.message_dict == {"public_text": [str(UNSEEN)]}
    take(petition, "publish", by=make.reviewer(), public_text=hidden)
    assert PublicPetition.objects.get().text == hidden


@pytest.mark.long
def test_what_the_sender_hid_before_is_hidden_in_what_the_reviewer_begins_with() -> None:
    petition = answered()
    take(petition, "refuse_publication", by=make.holder(petition), hide="Cây Me")
    assert "quán ▇▇▇ bong" in page_of(opened(petition), petition)
    assert "quán ▇▇▇ bong" in words(at(make.reviewer()).get(f"/xu-ly/{petition.code}/"))


def test_nothing_is_published_while_the_sender_looks() -> None:
    petition, reviewer, now = answered(), make.reviewer(), timezone.now()
    take(petition, "offer_publication", by=reviewer, now=now, public_text=SHOWN)
    with pytest.raises(NotNow):
        take(petition, "publish", by=reviewer, now=now + 3 * DAY - dt.timedelta(seconds=1), public_text=SHOWN)
    take(petition, "publish", by=reviewer, now=now + 3 * DAY, public_text=SHOWN)
    assert PublicPetition.objects.get().text == SHOWN
    assert Petition.objects.get(pk=petition.pk).offered_at is None
    assert verify().bad == []


def test_what_the_sender_did_not_see_is_shown_first() -> None:
    petition, reviewer = answered(), make.reviewer()
    offered(petition)
    take(petition, "agree_publication", by=make.holder(petition))
    with pytest.raises(ValidationError):
        take(petition, "publish", by=reviewer, public_text="Quán Cây Me lấn vỉa hè.")
    take(petition, "publish", by=reviewer, public_text="Vỉa hè ▇▇▇ bong gạch, gọi tôi ▇▇▇.")
    assert PublicPetition.objects.count() == 1


def test_after_a_new_answer_the_sender_is_asked_anew() -> None:
    petition = answered()
    offered(petition)
    take(petition, "reopen", by=make.holder(petition), reason="Lại bong")
    another = make.handler()
    take(petition, "accept", by=another)
    take(petition, "draft_reply", by=another, **make.ANSWER)
    take(petition, "approve", by=make.approver("provincial-people-committee:48"))
    fresh = Petition.objects.get(pk=petition.pk)
    assert (fresh.offered_at, public.offered(fresh)) == (None, None)
    assert verify().bad == []


def test_whoever_refuses_sees_no_preview_and_nothing_is_published() -> None:
    petition = answered()
    offered(petition)
    browser = opened(petition)
    browser.post(f"/tra-cuu/{petition.code}/khong-cong-khai/", {"nothing": "on"})
    page = page_of(browser, petition)
    assert "không đăng gì về phản ánh này" in page
    assert SHOWN not in page
    with pytest.raises(NotNow):
        take(petition, "publish", by=make.reviewer(), public_text=SHOWN)


def test_one_tap_agrees_and_only_the_holder_may() -> None:
    petition = answered()
    address = f"/tra-cuu/{petition.code}/dong-y-cong-khai/"
    offered(petition)
    assert Client().post(address).status_code == 404
    assert opened(petition).post(address).status_code == 302
    last = petition.steps.order_by("seq").last()
    assert last is not None
    assert (last.action, last.by, last.facts) == ("agree_publication", None, {})
    with pytest.raises(NotNow):
        take(petition, "agree_publication", by=Holder(petition.pk))


@pytest.mark.long
def test_the_reviewers_lists_tell_who_waits_for_whom() -> None:
    petition, reviewer = answered(), make.reviewer()

    def listed() -> list[bool]:
        slugs = ("cong-khai", "cho-xem-truoc")
        return [petition.printed_code in words(at(reviewer).get(f"/xu-ly/?xem={slug}")) for slug in slugs]

    assert listed() == [True, False]
    offered(petition)
    assert listed() == [False, True]
    take(petition, "agree_publication", by=make.holder(petition))
    assert listed() == [True, False]


@pytest.mark.long
def test_of_a_restricted_matter_the_sender_sees_the_summary_once_it_is_written() -> None:
    Subfield.objects.filter(pk=make.SIDEWALK).update(sensitivity="restricted")
    petition = make.petition("answered", anew=True, text=TEXT)
    assert "Bản tóm tắt chưa soạn" in page_of(opened(petition), petition)
    offered(petition, "Người dân phản ánh vỉa hè xuống cấp.")
    assert "Người dân phản ánh vỉa hè xuống cấp." in page_of(opened(petition), petition)
    with pytest.raises(ValidationError):
        offered(petition, "Vỉa hè trước quán Cây Me bong gạch, gọi tôi nhé.")


def test_what_may_never_be_public_has_no_preview() -> None:
    petition = make.petition("in_progress", anew=True, text=TEXT)
    take(petition, "seal", by=make.officer(), kind="complaint")
    page = page_of(opened(petition), petition)
    assert "không được đăng công khai" in page
    assert 'class="beside"' not in page


@pytest.mark.long
def test_the_same_boxes_lead_to_the_sender_or_to_everybody() -> None:
    petition, reviewer = answered(), at(make.reviewer())
    page = words(reviewer.get(f"/xu-ly/{petition.code}/"))
    assert f'formaction="/xu-ly/{petition.code}/publish/"' in page
    told = {"public_text": SHOWN, "public_answer": "Đã lát lại.", "chosen": "1"}
    assert reviewer.post(f"/xu-ly/{petition.code}/offer_publication/", told).status_code == 302
    page = words(reviewer.get(f"/xu-ly/{petition.code}/?lam=offer_publication"))
    assert f'formaction="/xu-ly/{petition.code}/publish/"' not in page
    assert reviewer.post(f"/xu-ly/{petition.code}/publish/", told).status_code == 409
