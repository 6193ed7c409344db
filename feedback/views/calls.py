"""What an operator writes down for someone who calls, comes to the counter or sent a letter."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Role, User
from feedback import access, inbox, understanding
from feedback.access import What
from feedback.forms.filing import CallerForm, CallForm
from feedback.models import Contact, Petition
from feedback.redaction import as_seen
from feedback.views.citizen import LOOKS_AGAIN_S, filing_context
from feedback.views.deeds import keeps_words
from feedback.views.opened import show_secret, shown_secret, ways_in
from routing.kept import row
from routing.models import Agency


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
        return render(request, "feedback/enter.html", filing_context(form) | {"caller": CallerForm()})
    form = CallForm(request.POST, request.FILES)
    receipt = form.send(
        operator,
        browser=request.META.get("CSRF_COOKIE", ""),
        keeps_files="X-Keeps-Files" in request.headers,
    )
    if receipt is None:
        context = filing_context(form) | {"caller": CallerForm()}
        return render(request, "feedback/enter.html", context, status=400)
    address = reverse("feedback:entered", args=[receipt.petition.code])
    response = redirect(address)
    response.status_code = 303
    if receipt.secret:
        show_secret(response, receipt.secret, address)
    return response


@keeps_words
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def caller(request: HttpRequest) -> HttpResponse:
    """`/xu-ly/ghi/nguoi-goi/`: what the caller filed before, of what this operator may see; POST `phone`.

    Never of whoever hides his name, and nothing sealed. The number stands in no address and in no log.
    """
    operator = _operator(request)
    if request.method != "POST":
        return redirect("feedback:enter")
    asked = CallerForm(request.POST)
    form = CallForm()
    if not asked.is_valid():
        context = filing_context(form) | {"caller": asked}
        return render(request, "feedback/enter.html", context, status=400)
    form.initial["phone"] = asked.cleaned_data["phone"]
    earlier = _earlier(operator, asked.cleaned_data["phone"])
    access.kept(
        operator, What.SEARCH, page="feedback:caller", rows=len(earlier), right="operator", named=True
    )
    rows = [inbox.row(petition, timezone.now(), by=operator) for petition in earlier]
    context = filing_context(form) | {"caller": asked, "earlier": rows, "looked": True}
    return render(request, "feedback/enter.html", context)


MOST_EARLIER = 10


def _earlier(operator: User, phone: str) -> list[Petition]:
    """The latest petitions of this number that an operator may speak of with whoever calls."""
    theirs = Contact.objects.of_phone(phone).filter(hidden=False, anonymous=False, secret=False)
    seen = Petition.objects.visible_to(operator).filter(contact__in=theirs, sealed=False)
    listed = seen.select_related("lead", "commune", "province", "contact")
    return list(listed.order_by("-submitted_at", "-pk")[:MOST_EARLIER])


@login_required
@require_safe
@never_cache
def entered(request: HttpRequest, code: str) -> HttpResponse:
    """`/xu-ly/ghi/<code>/`: the two codes to read out; they open nothing for the operator himself.

    On paper it is the slip for whoever sent a letter.
    """
    operator = _operator(request)
    written = Petition.objects.visible_to(operator).filter(entered_by=operator)
    petition = get_object_or_404(written, code=code)
    now, secret = timezone.now(), shown_secret(request, petition)
    context = {
        "petition": petition,
        **ways_in(petition, secret),
        "office": row(Agency, petition.focal_point_id),
        "told_text": as_seen(petition.text, petition, operator),
        "understood": understanding.of(petition, now),
        "being_read": (being_read := understanding.is_being_read(petition, now)),
    }
    answer = render(request, "feedback/entered.html", context)
    if being_read:
        answer.headers["Refresh"] = str(LOOKS_AGAIN_S)
    return answer
