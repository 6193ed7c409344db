"""The margin of the officials' pages: who this is, his lists with their counts, what he may open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Role, User
from feedback import inbox, permissions
from feedback.forms.desk import FOR


def official(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not user.works_here:
        raise Http404
    return user.itself()


def list_address(slug: str) -> str:
    return f"{reverse('feedback:desk')}?xem={slug}"


def rail(
    user: User, now: Any, current: str = "", counted: Mapping[str, int] | None = None, *, whole: str = ""
) -> dict[str, object]:
    """The margin; `counted`: how many each list holds, where that was asked already, with `whole` as the
    current one."""
    told = counted or inbox.tally(user, now)
    counts = [
        (drawer, "" if drawer.latest else _count(told, drawer.slug, whole))
        for drawer in inbox.drawers_of(user)
    ]
    views = [
        {
            "address": list_address(drawer.slug),
            "name": drawer.name,
            "icon": drawer.icon,
            "tone": drawer.tone,
            "count": count,
            "current": drawer.slug == current,
        }
        for drawer, count in counts
        if count != "0" or drawer.slug == current or drawer.slug in inbox.ALWAYS
    ]
    places = [str(post.agency or post.province or _("Cả nước")) for post in user.posts]
    return {
        "views": views,
        "who": ", ".join(dict.fromkeys(places)),
        "letters": [(form.key, form.title) for form in FOR.values() if form.key],
        "enters": user.has_role(Role.OPERATOR),
        "registers": user.has_role(Role.PETITION_OFFICER),
        "in_register": current == "so-don",
        "in_a_list": any(view["current"] for view in views),
        "watches": user.has_role(*permissions.SEES_BOARD),
    }


def _count(told: Mapping[str, int], slug: str, whole: str) -> str:
    return inbox.shown(told[slug], inbox.most_counted(slug == whole))
