"""The auditor's pages: who looked at what, the chain of one petition, the anchors of the days."""

from __future__ import annotations

import datetime as dt
import tempfile
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from feedback import access, anchors, audit, inspection
from feedback.access import What
from feedback.anchors import UnreadableError
from feedback.forms.auditing import ExportForm, LogForm
from feedback.inspection import ON_A_PAGE, RefusedError
from feedback.models import Look, LookQuerySet
from feedback.views.deeds import deed, way_back
from feedback.views.sheets import CSV, as_file

MOST_EXPORTED = 10_000
MOST_LOOKS = 20


def _auditor(request: HttpRequest) -> User:
    """To everyone else none of these pages is there."""
    user = request.user
    if not isinstance(user, User) or not user.audits:
        raise Http404
    return user


@login_required
@require_safe
@never_cache
def log(request: HttpRequest) -> HttpResponse:
    """`/kiem-tra/`: who read what in one's territory, the newest first; `dang=csv` gives it as a sheet.

    `nguoi`, `ma`, `viec`, `tu-ngay` and `den-ngay` narrow it.
    """
    user = _auditor(request)
    if request.GET.get("dang") == "csv":
        return _sheet(LogForm(request.GET).asked.of(audit.looks_of(user)), user)
    return _log_page(request, user, request.GET, ExportForm())


def _log_page(
    request: HttpRequest, user: User, asked: QueryDict, export: ExportForm, status: int = 200
) -> HttpResponse:
    """The log as `asked` narrows it; what is handed in with `export` stands in its form, which is open."""
    form = LogForm(asked)
    rows, after = audit.page(form.asked.of(audit.looks_of(user)), after=asked.get("sau", ""))
    context = {"form": form, "rows": rows, "after": after, "watches": True, "most": MOST_EXPORTED}
    context |= {"export": export, "limit": ON_A_PAGE, "most_mb": ON_A_PAGE.bytes // 1_000_000}
    context |= {"here": f"{reverse('feedback:audit')}?{asked.urlencode()}".rstrip("?")}
    return render(request, "feedback/audit.html", context, status=status)


def _sheet(looks: LookQuerySet, user: User) -> HttpResponse:
    """The newest of them; that he took them with him is kept like any other export, and is not among them."""
    found = list(audit.with_names(looks)[:MOST_EXPORTED].iterator(chunk_size=500))
    table = [audit.HEAD, *(audit.cells(look) for look in found)]
    return as_file(user, CSV, "nhat-ky-truy-cap", {"": table}, page="feedback:audit", right="auditor")


@login_required
@require_safe
@never_cache
def audited(request: HttpRequest, code: str) -> HttpResponse:
    """`/kiem-tra/<code>/`: each step of the petition and whether it is still what was written."""
    user, now = _auditor(request), timezone.now()
    petition = get_object_or_404(audit.petitions_of(user).select_related("lead"), code=code)
    access.kept(user, What.PETITION, petition=petition, page="feedback:audited", right="auditor")
    context = {"petition": petition, "watches": True}
    try:
        context["chain"] = audit.chain_of(petition, by=user, now=now)
    except UnreadableError as broken:
        context["broken"] = str(broken)
    looks = audit.with_names(Look.objects.filter(petition=petition))
    context["looks"] = [audit.line(look) for look in looks[:MOST_LOOKS]]
    return render(request, "feedback/audited.html", context)


@login_required
@require_safe
@never_cache
def anchored(request: HttpRequest) -> HttpResponse:
    """`/kiem-tra/neo/`: the anchors of two weeks, each held against its day; `truoc` is the last of them."""
    user, today = _auditor(request), timezone.localdate()
    last = _day(request.GET.get("truoc", "")) or today - dt.timedelta(days=1)
    context = {
        "watches": True,
        "key": anchors.public_key_hex(),
        "fingerprint": anchors.fingerprint(),
        "last": last,
        "later": last < today - dt.timedelta(days=1),
        "earlier": (last - dt.timedelta(days=audit.DAYS)).isoformat(),
    }
    try:
        context["days"] = audit.anchor_days(user, before=last, now=timezone.now())
    except UnreadableError as broken:
        context["broken"] = str(broken)
    return render(request, "feedback/anchors.html", context)


@deed(lambda request: reverse("feedback:audit"))
@never_cache
def export(request: HttpRequest) -> Any:
    """`/kiem-tra/xuat/`: the signed ZIP of some days, or of petitions by their codes.

    What it may hold at most is `inspection.ON_A_PAGE`; more is for `manage.py export_audit`.
    """
    user, form = _auditor(request), ExportForm(request.POST)
    if not form.is_valid():
        return _refused(request, user, form)
    file = tempfile.TemporaryFile(dir=settings.VAR)  # noqa: SIM115 (the answer closes it)
    try:
        inspection.write(user, form.wanted, file, limit=ON_A_PAGE, page="feedback:export")
    except RefusedError as refused:
        file.close()
        form.add_error(None, str(refused))
        return _refused(request, user, form)
    file.seek(0)
    name = f"thanh-tra-{timezone.localtime():%Y%m%d-%H%M}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


def _refused(request: HttpRequest, user: User, form: ExportForm) -> HttpResponse:
    """The page that the form stood on, with what was typed and what is wrong with it."""
    return _log_page(request, user, QueryDict(urlsplit(way_back(request)).query), form, status=400)


def _day(told: str) -> dt.date | None:
    try:
        found = dt.date.fromisoformat(told)
    except ValueError:
        return None
    return found if 2000 < found.year < 9999 else None
