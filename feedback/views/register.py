"""The petition officer's register."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Role
from feedback import inbox, register
from feedback.models import Petition
from feedback.models.petition import read_clocks
from feedback.views.rail import official, rail


@login_required
@require_safe
@never_cache
def listed(request: HttpRequest) -> HttpResponse:
    """`/xu-ly/so-don/`: every complaint and denunciation of this officer, each with its limits."""
    user, now = official(request), timezone.now()
    if not user.has_role(Role.PETITION_OFFICER):
        raise Http404
    wanted = request.GET.get("xem", register.VIEWS[0].slug)
    view = next((view for view in register.VIEWS if view.slug == wanted), None)
    if view is None:
        raise Http404
    seen, after = register.entries(Petition.objects.visible_to(user)), request.GET.get("sau", "")
    page = inbox.page(view.of(seen), by=user, after=after, now=now, order=view.order)
    read_clocks([row.petition for row in page.rows if row.petition.is_open])  # the list read the others'
    rows = [
        (row, register.what_it_is(row.petition), register.running(row.petition, now)) for row in page.rows
    ]
    counts = [(one, "" if one.latest else inbox.counted(one.of(seen))) for one in register.VIEWS]
    context = {"view": view, "tabs": counts, "rows": rows, "page": page}
    return render(request, "feedback/register.html", context | rail(user, now, "so-don"))
