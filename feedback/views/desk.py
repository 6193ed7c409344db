"""`/xu-ly/`: an official's lists."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

import search
from accounts.models import User
from feedback import codes, inbox
from feedback.models import Petition
from feedback.models.petition import read_ahead
from feedback.models.sight import asked_of
from feedback.views import found, queue
from feedback.views.picks import may_pick, picks_in_list
from feedback.views.rail import list_address, official, rail


@login_required
@require_safe
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """`/xu-ly/`: the lists of this person, the nearest deadline first."""
    user = official(request)
    drawers = inbox.drawers_of(user)
    typed = request.GET.get("ma") or request.GET.get("q", "")
    if request.GET.get("ma") or codes.clean_code(typed):
        return _by_code(request, user, typed)
    if "q" in request.GET:
        return _found(request, user)
    now, asked = timezone.now(), asked_of(user)
    seen, wanted = Petition.objects.visible_now(user, asked), request.GET.get("xem", "")
    whole = wanted or inbox.by_need(user)[0].slug
    counts = inbox.tally(user, now, asked, current=whole)
    slug = wanted or inbox.opening(seen, user, now, counts).slug
    drawer = next((drawer for drawer in drawers if drawer.slug == slug), None)
    if drawer is None:
        raise Http404
    listed = inbox.seen_in(drawer, user, asked, now)
    # It may have opened because those before it are empty.
    if slug != whole and counts.get(slug, 0) > inbox.most_counted(is_current=False):
        counts[slug], whole = inbox.length(listed), slug
    after = request.GET.get("sau", "")
    page = inbox.page(listed, by=user, after=after, now=now, order=drawer.order, columns=inbox.LISTED)
    read_ahead([row.petition for row in page.rows if may_pick(row.petition, user)])
    rows = [_row(row, drawer, user) for row in page.rows]
    context = {"drawer": drawer, "rows": rows, "page": page, "after": after}
    context |= rail(user, now, drawer.slug, counts, whole=whole)
    return render(request, "feedback/desk.html", context)


def _row(row: inbox.Row, drawer: inbox.Drawer, user: User) -> tuple[str, str, str]:
    """Its line, and where to send which of its one-click choices."""
    offered = picks_in_list(row.petition, user)
    if not offered:
        return queue.drawn(row, drawer), "", ""
    return queue.drawn(row, drawer), row.petition.address_of("feedback:choose"), queue.buttons(offered)


@login_required
@require_safe
@never_cache
def following(request: HttpRequest) -> HttpResponse:
    """`/xu-ly/tiep/?tu=&sau=`: the petition behind that of the code `sau` in the list it was opened from; the
    list where it holds no other."""
    user, now = official(request), timezone.now()
    whence = inbox.whence(request.GET.get("tu", ""), user)
    if whence is None:
        return redirect("feedback:desk")
    seen = Petition.objects.visible_now(user)
    petition, begins_anew = whence.following(codes.clean_code(request.GET.get("sau", "")), seen, user, now)
    if petition is None:
        return redirect(list_address(whence.drawer.slug))
    if begins_anew:
        messages.info(request, _("Hết danh sách “%(name)s”: lại từ đầu.") % {"name": whence.drawer.name})
    return redirect(f"{petition.get_absolute_url()}?{urlencode({'tu': str(whence.at(petition))})}")


def _found(request: HttpRequest, user: User) -> HttpResponse:
    """`/xu-ly/?q=`: what this person may see of what holds the words; 503 where they cannot be looked for."""
    asked, now = found.Asked.of(request.GET.dict()), timezone.now()
    try:
        told = found.found(user, asked, now)
    except search.Unavailable as away:
        told = {"asked": asked, "away": str(away)}
    response = render(request, "feedback/found.html", told | rail(user, now))
    if "away" in told:
        response.status_code, response["Retry-After"] = 503, "60"
    return response


def _by_code(request: HttpRequest, user: User, typed: str) -> HttpResponse:
    """Someone on the telephone reads out a code; what is not this person's does not exist.

    In the box of words it may be the number of a card or a contract that stands in a text.
    """
    code = codes.clean_code(typed)
    if code and Petition.objects.visible_to(user).filter(code=code).exists():
        return redirect("feedback:petition", code)
    if not request.GET.get("ma") and found.stands_somewhere(user, typed):
        return _found(request, user)
    messages.error(
        request, _("Không có đơn nào mang mã “%(code)s” trong phạm vi của bạn.") % {"code": typed[:40]}
    )
    return redirect("feedback:desk")
