"""The same matter as a public petition: offered before and after filing, told and taken back with a tap."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from feedback import alike, followups
from feedback.models import Petition, PublicPetition
from feedback.permissions import SYSTEM
from feedback.steps import take
from search.models import Signature
from tests import make
from tests.pages import at, opened, words

pytestmark = [pytest.mark.django_db, pytest.mark.long]

TEXT = "Nắp cống trước cổng trường tiểu học trên đường Lê Lợi bị vỡ đã hơn một tuần, tối đi rất nguy hiểm."
SAME = "kinh gui ubnd phuong, nap cong truoc cong truong tieu hoc tren duong le loi bi vo da hon mot tuan roi"
OFFERED = "1 phản ánh giống ở gần đây"


@pytest.fixture
def public() -> PublicPetition:
    """One that everyone may read, kept to be found by."""
    petition = make.petition("in_progress", text=TEXT)
    take(petition, "publish", by=make.reviewer(), public_text=TEXT)
    alike.remember_all([petition])
    return PublicPetition.objects.get()


def typed(text: str = SAME, **fields: Any) -> str:
    return words(Client().post("/gui/doc-thu/", {"text": text, "commune": "20242", **fields}))


def filed(**fields: Any) -> Petition:
    answer = Client().post("/gui/", {"text": SAME, "commune": "20242", **fields})
    assert answer.status_code == 303
    while followups.catch_up().done:
        pass
    return Petition.objects.latest("pk")


def tap(petition: Petition, slug: str, **told: str) -> str:
    answer = opened(petition).post(f"/tra-cuu/{petition.code}/{slug}/", told, follow=True)
    return words(answer)


def test_while_one_types_only_what_is_public_is_offered(public: PublicPetition) -> None:
    assert OFFERED in typed()
    assert f'data-same="{public.code}"' in typed()
    assert OFFERED not in typed(commune="20257")
    assert OFFERED not in typed("Quán nhậu mở loa kẹo kéo tới khuya, cả xóm không ngủ được")
    take(public.petition, "unpublish", by=make.reviewer(), reason="Lộ thông tin.")
    assert OFFERED not in typed()


def test_what_is_not_published_is_offered_to_nobody() -> None:
    alike.remember_all([make.petition("in_progress", text=TEXT)])
    assert OFFERED not in typed()


def test_only_words_that_everyone_may_read_decide(public: PublicPetition) -> None:
    PublicPetition.objects.update(text="Nội dung đã được cán bộ viết lại theo cách hoàn toàn khác hẳn.")
    assert OFFERED not in typed()


def test_what_is_published_or_hidden_later_is_found_by_its_own_words(public: PublicPetition) -> None:
    petition = public.petition
    mine = {petition.pk, -petition.pk}
    assert set(Signature.objects.values_list("pk", flat=True)) == mine
    take(petition, "unpublish", by=make.reviewer(), reason="Người gửi yêu cầu")
    followups.catch_up(limit=2000)
    assert set(Signature.objects.values_list("pk", flat=True)) == {petition.pk}
    take(petition, "publish", by=make.reviewer(), public_text=TEXT)
    followups.catch_up(limit=2000)
    assert set(Signature.objects.values_list("pk", flat=True)) == mine


def test_told_in_the_form_it_stands_in_the_life_and_a_person_decides(public: PublicPetition) -> None:
    petition = filed(same_as=public.code)
    assert petition.state != "merged"
    assert [step.facts for step in petition.steps.filter(action="inform")] == [{"same_as": public.code}]
    page = words(opened(petition).get(f"/tra-cuu/{petition.code}/"))
    assert f"Bạn báo: cùng một việc với phản ánh {public}" in page
    person = make.focal_point()
    desk = words(at(person).get(petition.get_absolute_url()))
    assert "Người gửi báo là cùng một việc" in desk
    assert desk.split("Người gửi báo là cùng một việc", 1)[1].split("</dd>", 1)[0].count(public.code) >= 1
    form = words(at(person).get(f"{petition.get_absolute_url()}?lam=merge"))
    assert f'value="{public}"' in form


def test_after_filing_one_tap_tells_it_and_one_takes_it_back(public: PublicPetition) -> None:
    petition = filed()
    assert "Cùng một việc với phản ánh đã có?" in words(opened(petition).get(f"/bien-nhan/{petition.code}/"))
    page = tap(petition, "cung-viec", same_as=public.code)
    assert alike.told_same(Petition.objects.get(pk=petition.pk)) == public.petition
    assert "Cùng một việc với phản ánh đã có?" not in page
    assert "Không cùng việc" in page
    page = tap(petition, "khac-viec")
    assert alike.told_same(Petition.objects.get(pk=petition.pk)) is None
    assert "Cùng một việc với phản ánh đã có?" in page


@pytest.mark.parametrize("told", ["000000000000", "nhảm", "'; DROP TABLE"])
def test_a_code_that_is_not_public_joins_nothing_and_loses_nothing(told: str) -> None:
    petition = filed(same_as=told)
    assert petition.text == SAME
    assert not petition.steps.filter(action="inform").exists()
    tap(petition, "cung-viec", same_as=told)
    assert alike.told_same(Petition.objects.get(pk=petition.pk)) is None


def test_what_others_may_not_see_is_not_told_by_what_somebody_took_it_for(public: PublicPetition) -> None:
    petition = filed(same_as=public.code)
    take(public.petition, "seal", by=make.focal_point(), kind="denunciation")
    assert alike.told_same(Petition.objects.get(pk=petition.pk)) is None
    assert public.petition.get_absolute_url() not in words(
        at(make.focal_point()).get(petition.get_absolute_url())
    )


def test_complaints_and_denunciations_are_offered_nothing(public: PublicPetition) -> None:
    petition = filed()
    take(petition, "seal", by=make.focal_point(), kind="complaint")
    assert alike.published_beside(Petition.objects.get(pk=petition.pk)) == []


@pytest.mark.parametrize("way", ["withdraw", "erase", "seal", "reclassify"])
def test_withdrawn_erased_sealed_or_elsewhere_it_is_offered_no_longer(
    public: PublicPetition, way: str
) -> None:
    petition = public.petition
    by: Any = {"withdraw": make.holder(petition), "erase": SYSTEM}.get(way) or make.focal_point()
    facts: dict[str, Any] = {
        "erase": {"rule": "unsigned-1-year"},
        "seal": {"kind": "denunciation"},
        "reclassify": {"commune": "20257", "why": "Thuộc phường bên cạnh"},
    }.get(way, {})
    told = filed(same_as=public.code)
    take(petition, way, by=by, **facts)
    while followups.catch_up().done:
        pass
    assert OFFERED not in typed()
    assert "Cùng một việc với phản ánh đã có?" not in words(opened(told).get(f"/tra-cuu/{told.code}/"))
    if way != "reclassify":
        assert alike.told_same(Petition.objects.get(pk=told.pk)) is None
