"""What an operator writes down for someone who calls, comes to the counter or sent a letter."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Role, User
from feedback.forms.filing import CallForm
from feedback.models import Petition
from feedback.views.citizen import filing_context
from feedback.views.deeds import keeps_words
from feedback.views.opened import show_secret, shown_secret


def _operator(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not user.has_role(Role.OPERATOR):
        raise Http404
    return user


@keeps_words
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """`/xu-ly/ghi/`: 303 to what is read out to the sender, or 400 with everything typed."""
    operator = _operator(request)
    if request.method != "POST":
        form = CallForm(province=request.GET.get("tinh", ""))
        return render(request, "feedback/enter.html", filing_context(form))
    form = CallForm(request.POST, request.FILES)
    receipt = form.send(
        operator,
        browser=request.META.get("CSRF_COOKIE", ""),
        keeps_files="X-Keeps-Files" in request.headers,
    )
    if receipt is None:
        return render(request, "feedback/enter.html", filing_context(form), status=400)
    address = reverse("feedback:entered", args=[receipt.petition.code])
    response = redirect(address)
    response.status_code = 303
    if receipt.secret:
        show_secret(response, receipt.secret, address)
    return response


@login_required
@require_safe
@never_cache
def entered(request: HttpRequest, code: str) -> HttpResponse:
    """`/xu-ly/ghi/<code>/`: the two codes to read out; they open nothing for the operator himself."""
    operator = _operator(request)
    written = Petition.objects.visible_to(operator).filter(entered_by=operator)
    petition = get_object_or_404(written, code=code)
    context = {"petition": petition, "secret": shown_secret(request, petition)}
    return render(request, "feedback/entered.html", context)
