"""A post is one row of person, role, agency and territory."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Post, Role
from tests import make

pytestmark = pytest.mark.django_db


def test_the_same_post_is_held_once_with_or_without_a_territory() -> None:
    supervisor = make.user(Role.SUPERVISOR)
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(user=supervisor, role=Role.SUPERVISOR)


def test_a_handler_without_an_agency_is_refused() -> None:
    person = make.user()
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(user=person, role=Role.HANDLER)
