"""The reviewer looks at a picture, blacks out what nobody should see, and makes it ready to be public."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from feedback import blacking, public, workflow
from feedback.blacking import MOST_BOXES, Box, Sheet, box_of
from feedback.models import Petition, PublicPicture
from feedback.views.opened import theirs

NUMBERS = re.compile(r"[0-9]{1,5}(?:,[0-9]{1,5})*")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def black_out(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """`/xu-ly/<code>/anh/<pk>/`: two taps make a box, also without a script; nothing is kept before the last
    button."""
    user = request.user
    petition = get_object_or_404(Petition.objects.visible_to(user), code=code)
    file = next((one for one in blacking.pictures_of(petition) if one.pk == pk), None)
    if file is None or not isinstance(user, User):
        raise Http404
    if "offer_publication" not in workflow.available(petition, user) or petition.only_summarised:
        raise PermissionDenied
    sheet, told = Sheet.of(file), request.POST
    boxes, corner = list(_boxes(told)), _numbers(told.get("corner", ""), 2)
    if "ready" in told:
        blacking.make_ready(file, boxes, by=user)
        messages.success(request, _("Ảnh đã sẵn sàng; chọn nó trong ô công khai để đăng."))
        return redirect("feedback:petition", code)
    boxes, corner = _tapped(told, sheet, boxes, corner)
    context = {"petition": petition, "file": file, "sheet": sheet, "boxes": boxes, "corner": corner}
    return render(request, "feedback/black_out.html", context)


def _tapped(
    told: Any, sheet: Sheet, boxes: list[Box], corner: tuple[int, ...] | None
) -> tuple[list[Box], tuple[int, ...] | None]:
    """The boxes and the open corner after what was pressed."""
    if "undo" in told:
        return (boxes, None) if corner else (boxes[:-1], None)
    if "add" in told:
        part = _numbers(",".join(told.get(name, "") for name in ("left", "top", "width", "height")), 4)
        return [*boxes, sheet.part(*part)] if part else boxes, None
    tap = _numbers(f"{told.get('tap.x', '')},{told.get('tap.y', '')}", 2)
    if tap is None or len(boxes) >= MOST_BOXES:
        return boxes, corner
    at = sheet.at(*tap)
    if corner is None:
        return boxes, at
    return [*boxes, box_of((corner[0], corner[1]), at)], None


def _boxes(told: Any) -> Iterator[Box]:
    for one in told.getlist("box")[:MOST_BOXES] if told else ():
        if numbers := _numbers(one, 4):
            yield numbers[0], numbers[1], numbers[2], numbers[3]


def _numbers(text: str, count: int) -> tuple[int, ...] | None:
    """So many whole numbers with commas between; None for anything else."""
    numbers = tuple(map(int, text.split(","))) if NUMBERS.fullmatch(text) else ()
    return numbers if len(numbers) == count else None


@login_required
@require_safe
@never_cache
def ready(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """`/xu-ly/<code>/anh-da-che/<pk>/`: what was made ready, for the desk."""
    seen = Petition.objects.visible_to(request.user).filter(code=code)
    return public.served(get_object_or_404(PublicPicture, pk=pk, petition__in=seen))


@require_safe
@never_cache
def shown(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """`/tra-cuu/<code>/anh/<pk>/`: what would be public, for whoever sent the petition."""
    petition = get_object_or_404(theirs(request), code=code)
    offered = public.offered(petition)
    told = Q(sha256__in=offered.pictures if offered else ())
    pictures = petition.public_pictures.filter(told | Q(copy__isnull=False))
    return public.served(get_object_or_404(pictures, pk=pk))
