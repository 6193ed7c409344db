"""The front page shows what was answered last, whenever it was published."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from feedback.models import PublicPetition
from tests.publication.world import published

pytestmark = pytest.mark.django_db


@pytest.mark.long
def test_the_youngest_answers_stand_first_and_what_has_none_does_not_stand_there() -> None:
    codes = [published("answered").code for _each in range(4)]
    for code, days in zip(codes, (300, 1, 20, None), strict=True):
        day = timezone.now() - dt.timedelta(days=days) if days else None
        PublicPetition.objects.filter(code=code).update(answered_at=day)
    page = Client().get("/").content.decode()
    assert re.findall(r"/cong-khai/(\d{12})/", page) == [codes[1], codes[2], codes[0]]
