"""Who a session belongs to."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.demonstration import opens_here
from accounts.models import Post, User
from routing.kept import seen_at
from routing.models import ReferenceState


class WithPosts(ModelBackend):
    """Django's own, which reads an official with his posts and the version of the reference data in one
    statement: each of his pages asks all three."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if not opens_here(password):
            return None
        found: User | None = super().authenticate(request, username, password, **kwargs)
        return found

    def get_user(self, user_id: Any) -> User | None:
        rows = Post.objects.filter(user=user_id).select_related("user")
        posts = list(rows.annotate(reference=ReferenceState.version_now()))
        if not posts:
            found: User | None = super().get_user(user_id)
            return found
        seen_at(posts[0].reference)
        user = posts[0].user
        user.posts = tuple(posts)
        return user if self.user_can_authenticate(user) else None
