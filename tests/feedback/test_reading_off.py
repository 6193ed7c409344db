"""A house whose machine reads nothing promises no reading, and says on the desk that nobody has looked."""

from __future__ import annotations

from typing import Any

import pytest

from feedback import followups
from feedback.models import Petition
from tests import make
from tests.pages import at, opened, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def machine_off(settings: Any) -> None:
    settings.READS = False


def filed() -> Petition:
    petition = make.petition("submitted", anew=True, text="Tôi tố cáo ông Tư nhận tiền của dân.")
    while followups.catch_up(outside=False).done:
        pass
    return Petition.objects.get(pk=petition.pk)


@pytest.mark.long
def test_its_sender_reads_of_no_machine() -> None:
    unread = make.petition("submitted", anew=True, text="Đèn đường trước 12 Lê Lợi không sáng.")
    receipt = words(opened(unread).get(f"/bien-nhan/{unread.code}/"))
    assert "Cán bộ xem lại, rồi bạn thấy ai xử lý" in receipt
    petition = filed()
    followed = opened(petition).get(f"/tra-cuu/{petition.code}/")
    assert followed.status_code == 200
    for page in (receipt, words(followed)):
        for promise in ("Máy đọc", "Máy đang đọc", "Chúng tôi hiểu là"):
            assert promise not in page
    assert "Refresh" not in followed.headers


@pytest.mark.long
def test_the_desk_says_that_nobody_has_looked() -> None:
    petition = filed()
    page = words(at(make.focal_point()).get(petition.get_absolute_url()))
    assert "Máy đọc đang tắt khi đơn này đến" in page
    assert "Bản của máy đọc" not in page
    assert "chưa đủ chắc" not in page
    assert "nội dung chưa xếp được vào lĩnh vực nào" in petition.route_reason
