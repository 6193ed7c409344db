"""A post is one row of person, role, agency and territory."""

import pytest
from django.core.exceptions import ValidationError
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


def test_an_agency_narrows_no_post_over_a_territory_and_none_is_called_so() -> None:
    person = make.user()
    post = Post(user=person, role=Role.SUPERVISOR, agency_id=make.HAI_CHAU)
    with pytest.raises(ValidationError, match="chọn địa bàn"):
        post.full_clean()
    assert str(post) == "Giám sát · cả nước"
    post.province_id = "48"
    post.full_clean()
    assert str(post) == "Giám sát · Thành phố Đà Nẵng"
    Post(user=person, role=Role.HANDLER, agency_id=make.HAI_CHAU).full_clean()
