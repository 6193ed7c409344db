"""The board: what is late, what will be, and who holds it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from feedback import inbox
from feedback.models import Petition
from routing.telling import number

MAY_WATCH = (*inbox.INTAKE, *inbox.OVERSIGHT)
SOON_DAYS = 2


@login_required
@require_safe
@never_cache
def board(request: HttpRequest) -> HttpResponse:
    """`/giam-sat/`: every overdue petition of one's territory, the longest overdue first."""
    user = request.user
    if not isinstance(user, User) or not user.has_role(*MAY_WATCH):
        raise Http404
    now = timezone.now()
    seen = Petition.objects.visible_to(user)
    context = {
        "watches": True,
        "open": number(seen.open().count()),
        "overdue": number(seen.overdue(now).count()),
        "soon": number(seen.due_within(SOON_DAYS, now).count()),
        "soon_days": SOON_DAYS,
        "page": inbox.page(seen.overdue(now), after=request.GET.get("sau", ""), now=now),
    }
    return render(request, "feedback/board.html", context)
