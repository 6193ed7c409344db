"""One petition the whole way over HTTP: filed, read, answered, approved, rated, published, counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts import demonstration
from accounts.models import User
from feedback.models import Petition

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "Hàng quán bày bàn ghế lấn chiếm hết vỉa hè đường Bạch Đằng, người đi bộ phải xuống lòng đường"


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def act(client: Client, code: str, action: str, **told: Any) -> None:
    answer = client.post(f"/xu-ly/{code}/{action}/", told)
    assert answer.status_code == 302, answer.content.decode()[:2000]


def test_one_petition_walks_through_every_room(
    reference_data: None, follow_up_all: Callable[[], None]
) -> None:
    demonstration.create()
    citizen = Client()

    # The citizen files in his own words and keeps code and secret.
    filed = citizen.post("/gui/", {"text": TEXT, "commune": "20242", "email": "dan@example.vn"})
    assert filed.status_code == 303
    code = filed.headers["Location"].strip("/").split("/")[-1]
    receipt = citizen.get(filed.headers["Location"])
    petition = Petition.objects.get(code=code)
    assert petition.printed_code in receipt.content.decode()

    # It is read, located, routed and dated at once.
    follow_up_all()
    petition = Petition.objects.get(code=code)
    assert petition.subfield_id == "urban-order.sidewalk-encroachment"
    assert (petition.commune_id, petition.lead_id) == ("20242", demonstration.HAI_CHAU)
    assert petition.state == "assigned"
    assert petition.due_at is not None

    # Another agency's handler cannot tell that it exists.
    stranger = signed_in("nguoila")
    assert stranger.get(f"/xu-ly/{code}/").status_code == 404

    # The handler takes it on and answers; another person sends the answer.
    handler, approver = signed_in("xuly.haichau"), signed_in("duyet.haichau")
    assert petition.printed_code in handler.get("/xu-ly/").content.decode()
    act(handler, code, "accept")
    act(
        handler,
        code,
        "draft_reply",
        outcome="resolved",
        text="Tổ trật tự đã nhắc nhở, vỉa hè thông thoáng từ sáng nay.",
        evidence="Biên bản 15/BB-UBND",
    )
    act(approver, code, "approve")

    # The citizen reads it and rates it.
    page = citizen.get(f"/tra-cuu/{code}/").content.decode()
    assert "vỉa hè thông thoáng" in page
    assert citizen.post(f"/tra-cuu/{code}/danh-gia/", {"score": "satisfied"}).status_code == 302

    # The reviewer publishes a masked copy, and everyone may read it and the figures.
    act(signed_in("congkhai"), code, "publish", public_text="Hàng quán lấn chiếm vỉa hè đường Bạch Đằng")
    follow_up_all()
    public = Client()
    shown = public.get(f"/cong-khai/{code}/")
    assert "lấn chiếm vỉa hè" in shown.content.decode()
    assert "dan@example.vn" not in shown.content.decode()
    figures = {row["key"]: row for row in public.get("/thong-ke/?format=json").json()["figures"]}
    assert {key: figures[key]["numerator"] for key in ("received", "answered", "on_time", "satisfied")} == {
        "received": 1,
        "answered": 1,
        "on_time": 1,
        "satisfied": 1,
    }
    assert [step.action for step in petition.steps.order_by("seq")] == [
        "submit",
        "read",
        "receive",
        "assign",
        "accept",
        "draft_reply",
        "approve",
        "rate",
        "publish",
    ]
    assert not public.cookies


def test_the_code_alone_opens_nothing(reference_data: None) -> None:
    owner, stranger = Client(), Client()
    filed = owner.post("/gui/", {"text": TEXT, "commune": "20242"})
    code = filed.headers["Location"].strip("/").split("/")[-1]
    for address in (f"/bien-nhan/{code}/", f"/tra-cuu/{code}/", f"/xu-ly/{code}/", f"/cong-khai/{code}/"):
        assert stranger.get(address).status_code in {302, 404}, address
    wrong = stranger.post("/tra-cuu/", {"code": code, "secret": "AAAAAAAA"})
    unknown = stranger.post("/tra-cuu/", {"code": "000000000019", "secret": "AAAAAAAA"})
    assert wrong.status_code == unknown.status_code
    assert same_but_for(wrong, code) == same_but_for(unknown, "000000000019")


def same_but_for(answer: Any, code: str) -> str:
    """The page without what differs by request: the typed code, the token and the nonce."""
    import re

    page = answer.content.decode().replace(code, "CODE")
    return re.sub(r'(nonce|name="csrfmiddlewaretoken" value)="[^"]*"', "", page)
