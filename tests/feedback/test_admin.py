"""What an administrator sees of the petitions' outbox."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Post, Role, User
from feedback.followups import catch_up
from feedback.models import Notice, Petition
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.long
def test_the_outbox_shows_no_letter_about_what_is_sealed() -> None:
    administrator = User.objects.create(username="quantri", is_staff=True, is_superuser=True)
    Post.objects.create(user=administrator, role=Role.ADMINISTRATOR)
    desk = Client()
    desk.force_login(administrator)
    petition = make.petition("in_progress")
    catch_up()
    letter = Notice.objects.filter(step__petition=petition).earliest("pk")
    address = f"/quan-tri/feedback/notice/{letter.pk}/change/"
    assert desk.get(address).status_code == 200
    Petition.objects.filter(pk=petition.pk).update(sealed=True)
    assert desk.get(address).status_code == 302  # to the list, as for one that does not exist
    assert petition.code not in desk.get("/quan-tri/feedback/notice/").content.decode()
