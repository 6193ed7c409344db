"""Pages of whoever asks: file, keep the receipt, follow, rate."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.models import User
from feedback import codes, forms, story, understanding, workflow
from feedback.intake import Receipt
from feedback.models import Petition
from feedback.models.reply import Score
from feedback.permissions import Actor, Holder, secret_holder
from feedback.public import published
from feedback.steps import NotNow, take
from feedback.views.opened import is_opened, remember

RECEIPT_COOKIE = "receipt"
# How long the browser alone keeps the secret, so that a reloaded receipt still shows it.
SECRET_AGE_S = 30 * 60
# What the faces of the rating look like: lucide's names.
FACES = {
    Score.VERY_SATISFIED: "laugh",
    Score.SATISFIED: "smile",
    Score.ACCEPTABLE: "meh",
    Score.DISSATISFIED: "frown",
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "feedback/home.html", {"form": forms.TrackForm(), "latest": published()[:4]})


@never_cache
def file(request: HttpRequest) -> HttpResponse:
    """`/gui/`: 303 to the receipt, or 400 with everything typed and a sentence for what is wrong."""
    if request.method != "POST":
        form = forms.SubmissionForm(province=request.GET.get("tinh", ""))
        return render(request, "feedback/file.html", _filing(form))
    form = forms.SubmissionForm(request.POST, request.FILES)
    receipt = form.send(
        request.user if isinstance(request.user, User) else None, browser=request.META.get("CSRF_COOKIE", "")
    )
    if receipt is None:
        return render(request, "feedback/file.html", _filing(form), status=400)
    return _hand_over(request, receipt)


def _filing(form: forms.SubmissionForm) -> dict[str, object]:
    return {"form": form, "provinces": forms.provinces(), "province": form.province}


def _hand_over(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    """The secret travels in a cookie of the receipt's address alone: no session or table ever holds it.

    Whoever repeats another browser's form hears that it was received, and nothing that opens it.
    """
    if not receipt.secret and not _is_theirs(request, receipt.petition):
        return render(request, "feedback/received.html")
    address = reverse("feedback:receipt", args=[receipt.petition.code])
    response = HttpResponse(status=303, headers={"Location": address})
    if receipt.secret:
        remember(request, response, receipt.petition)
        response.set_cookie(
            RECEIPT_COOKIE,
            receipt.secret,
            max_age=SECRET_AGE_S,
            path=address,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


@require_safe
@never_cache
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """`/bien-nhan/<code>/`: for the browser that filed it; the secret for half an hour."""
    petition = _opened_or_404(request, code)
    secret = request.COOKIES.get(RECEIPT_COOKIE, "")
    fits = bool(secret) and codes.secret_fits(petition.code, secret, petition.secret_hash)
    link = f"{settings.BASE_URL.rstrip('/')}{reverse('feedback:track')}?code={petition.code}&secret={secret}"
    context = {"petition": petition, "secret": secret if fits else "", "link": link if fits else ""}
    return render(request, "feedback/receipt.html", context)


@never_cache
def track(request: HttpRequest) -> HttpResponse:
    """`/tra-cuu/`: code and secret open the follow page; a link with both opens it and changes nothing."""
    if request.method == "POST":
        form = forms.TrackForm(request.POST)
        if petition := form.open():
            return _opening(request, redirect("feedback:follow", petition.code), petition)
        return render(request, "feedback/track.html", {"form": form}, status=404)
    if "secret" in request.GET:
        form = forms.TrackForm(request.GET)
        if petition := form.open():
            return _opening(request, _follow(request, petition), petition)
        return render(request, "feedback/track.html", {"form": form}, status=404)
    form = forms.TrackForm(initial={"code": request.GET.get("code", "")})
    return render(request, "feedback/track.html", {"form": form, "mine": _mine(request)})


def _mine(request: HttpRequest) -> list[Petition]:
    """What a signed-in person filed, newest first."""
    if not isinstance(request.user, User):
        return []
    return list(request.user.petitions.select_related("lead").order_by("-pk")[:20])


@require_safe
@never_cache
def follow(request: HttpRequest, code: str) -> HttpResponse:
    return _follow(request, _opened_or_404(request, code))


def _follow(request: HttpRequest, petition: Petition, status: int = 200) -> HttpResponse:
    now = timezone.now()
    context = {
        "petition": petition,
        "steps": story.to_petitioner(petition, now),
        "reply": petition.replies.filter(approved_at__isnull=False).last(),
        "files": petition.attachments.filter(evidence=False).order_by("pk"),
        # What proves an answer is shown once it is sent, not while it is a draft.
        "proofs": petition.attachments.filter(evidence=True).order_by("pk") if petition.answered_at else [],
        "may_rate": "rate" in workflow.available(petition, _actor(request, petition)),
        "scores": [(value, label, FACES[Score(value)]) for value, label in Score.choices],
        "score": dict(Score.choices).get(petition.score, ""),
    }
    return render(request, "feedback/follow.html", context, status=status)


@require_POST
def rate(request: HttpRequest, code: str) -> HttpResponse:
    petition = _opened_or_404(request, code)
    form = forms.RateForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Xin chọn một mức trong bốn mức."))
        return _follow(request, petition, status=400)
    try:
        take(petition, "rate", by=_actor(request, petition), score=form.cleaned_data["score"])
    except NotNow:
        messages.error(request, _("Câu trả lời này đã được đánh giá, hoặc chưa tới lúc đánh giá."))
        return _follow(request, petition, status=409)
    messages.success(request, _("Cảm ơn bạn. Đánh giá được ghi lại và tính vào số liệu công khai."))
    return redirect("feedback:follow", code)


@require_POST
def try_reading(request: HttpRequest) -> HttpResponse:
    """`/gui/doc-thu/`: what the machine would understand; nothing is kept."""
    proposal = understanding.propose(
        request.POST.get("text", ""),
        commune=request.POST.get("commune", ""),
        place_text=request.POST.get("place_text", ""),
        now=timezone.now(),
    )
    return render(request, "feedback/understood.html", {"proposal": proposal})


@require_GET
def communes(request: HttpRequest) -> JsonResponse:
    """`/gui/xa/?tinh=79`: the communes of a province for the place field."""
    rows = forms.communes(request.GET.get("tinh", ""))
    response = JsonResponse({"communes": rows})
    response["Cache-Control"] = "public, max-age=3600"
    return response


# --- whose petition it is -----------------------------------------------------------------------------


def _opening(request: HttpRequest, response: HttpResponse, petition: Petition) -> HttpResponse:
    remember(request, response, petition)
    return response


def _actor(request: HttpRequest, petition: Petition) -> Actor:
    if isinstance(request.user, User) and secret_holder(request.user, petition):
        return request.user
    return Holder(petition.pk)


def _opened_or_404(request: HttpRequest, code: str) -> Petition:
    """The petition whose secret this browser has shown, or that the signed-in person filed."""
    petition = get_object_or_404(Petition.objects.select_related("lead", "commune", "subfield"), code=code)
    if not _is_theirs(request, petition):
        raise Http404
    return petition


def _is_theirs(request: HttpRequest, petition: Petition) -> bool:
    signed_in = isinstance(request.user, User) and secret_holder(request.user, petition)
    return signed_in or is_opened(request, petition)
