"""Pages of whoever asks: file, keep the receipt, follow, and say what there is to say."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts import guessing
from accounts.models import User
from feedback import enclosures, pace, public, reach, story, understanding, workflow
from feedback.forms import filing
from feedback.forms.following import BY_SLUG, FOR, TAPS, FollowForm, HideForm
from feedback.forms.said import FILES_LOST
from feedback.intake import Receipt
from feedback.models import Petition
from feedback.models.reply import Score
from feedback.permissions import Actor, Holder, secret_holder
from feedback.public.showing import FACES
from feedback.redaction import as_to_strangers
from feedback.steps import NotNow
from feedback.submission import point_of
from feedback.views.deeds import LostWordsError, numbered, seen_on
from feedback.views.opened import is_opened, receipts, remember, show_secret, shown_secret, theirs, ways_in
from feedback.workflow import OPEN, PETITIONS_AT_LAW, Kind, State
from feedback.workflow.conditions import OFFER_STANDS, may_be_public
from feedback.workflow.states import ANSWERED_OR_CLOSED
from routing.called import called
from routing.models import Province

# The page asks 0.9 s after the last key; an office or a village may share one address.
READINGS_A_MINUTE = 120
# What was filed just now is read in seconds; so often its page looks whether it is, a minute at most.
LOOKS_AGAIN_S = 4


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = {"form": filing.TrackForm(), "latest": public.just_answered(4)}
    return render(request, "feedback/home.html", context)


@never_cache
def file(request: HttpRequest) -> HttpResponse:
    """`/gui/`: 303 to the receipt, or 400 with everything typed and a sentence for what is wrong.

    Too many of one browser or address: 429, likewise with everything typed.
    """
    if request.method != "POST":
        form = filing.SubmissionForm(province=request.GET.get("tinh", ""))
        return render(request, "feedback/file.html", filing_context(form))
    if "carry" in request.POST:
        return _carried(request)
    form = filing.SubmissionForm(request.POST, request.FILES)
    browser, keeps_files = request.META.get("CSRF_COOKIE", ""), "X-Keeps-Files" in request.headers
    size = sum(file.size or 0 for file in request.FILES.getlist("files"))
    if pace.is_filing_too_fast(request.META["REMOTE_ADDR"], browser, size=size):
        form.hold_up(keeps_files=keeps_files)
        response = render(request, "feedback/file.html", filing_context(form), status=429)
        response["Retry-After"] = str(pace.FILING_WINDOW_S)
        return response
    receipt = form.send(
        request.user if isinstance(request.user, User) else None,
        browser=browser,
        receipts=tuple(receipts(request)),
        keeps_files=keeps_files,
    )
    if receipt is None:
        return render(request, "feedback/file.html", filing_context(form), status=400)
    return _hand_over(request, receipt)


def _carried(request: HttpRequest) -> HttpResponse:
    """The form with the words that were to be said of another petition; nothing is kept yet."""
    proposed: dict[str, Any] = {"apart": True, "text": _first(request, "text", "reason", "note")}
    petition = theirs(request).filter(code=request.POST.get("about", "")).first()
    if petition is not None:  # its place, not its number: that would tell who sends it
        proposed |= {"commune": petition.commune_id or "", "place_text": petition.place_text}
    province = petition.territory_id if petition else ""
    if request.FILES:
        messages.warning(request, FILES_LOST)
    form = filing.SubmissionForm(province=province, proposed=proposed)
    return render(request, "feedback/file.html", filing_context(form))


def _first(request: HttpRequest, *names: str) -> str:
    return next((request.POST[name] for name in names if request.POST.get(name)), "")


def filing_context(form: filing.SubmissionForm) -> dict[str, object]:
    return {
        "form": form,
        "provinces": Province.objects.listed(),
        "province": form.province,
        "most_bytes": settings.MAX_REQUEST_BYTES,
    }


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
        show_secret(response, receipt.secret, address)
    return response


@require_safe
@never_cache
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """`/bien-nhan/<code>/`: for the browser that filed it; the secret for half an hour."""
    petition, now = _opened_or_404(request, code), timezone.now()
    secret = shown_secret(request, petition)
    context = {
        "petition": petition,
        **ways_in(petition, secret),
        "files": petition.attachments.filter(evidence=False).order_by("pk"),
        "acts": _acts(request, petition),
        "understood": understanding.of(petition, now),
        "being_read": understanding.is_being_read(petition, now),
    }
    return render(request, "feedback/receipt.html", context)


@never_cache
def track(request: HttpRequest) -> HttpResponse:
    """`/tra-cuu/`: code and secret open the follow page; a link with both opens it and changes nothing."""
    if request.method == "POST":
        form = filing.TrackForm(request.POST)
        if petition := form.open(request.META["REMOTE_ADDR"]):
            return _opening(request, redirect("feedback:follow", petition.code), petition)
        return _refused(request, form)
    if "secret" in request.GET:
        form = filing.TrackForm(request.GET)
        if petition := form.open(request.META["REMOTE_ADDR"]):
            return _opening(request, _follow(request, _numbered(petition)), petition)
        return _refused(request, form)
    form = filing.TrackForm(initial={"code": request.GET.get("code", "")})
    return render(request, "feedback/track.html", {"form": form, "mine": _mine(request)})


def _refused(request: HttpRequest, form: filing.TrackForm) -> HttpResponse:
    """404, whichever of the two is wrong; 429 after too many wrong ones, and until when."""
    response = render(request, "feedback/track.html", {"form": form}, status=429 if form.waits else 404)
    if form.waits:
        response["Retry-After"] = str(guessing.WINDOW_S)
    return response


def _mine(request: HttpRequest) -> list[Petition]:
    """What a signed-in person filed, newest first."""
    if not isinstance(request.user, User):
        return []
    return list(request.user.petitions.select_related("lead").order_by("-pk")[:20])


@require_safe
@never_cache
def follow(request: HttpRequest, code: str) -> HttpResponse:
    return _follow(request, _opened_or_404(request, code))


def _question(petition: Petition) -> dict[str, Any]:
    """What is asked of the sender, and by whom; empty where no question waits."""
    if petition.state != State.NEEDS_INFO:
        return {}
    asker = petition.who_asked
    return {"question": story.question(petition), "asker": asker.name if asker else _("Đầu mối tiếp nhận")}


def _follow(request: HttpRequest, petition: Petition) -> HttpResponse:
    now = timezone.now()
    told = _answered_by(petition)
    reply = told.sent_reply if told.answered_at else None
    ground, reason = story.refusal(petition) if petition.state == State.REJECTED else ("", "")
    being_read = understanding.is_being_read(petition, now)
    context = {
        "petition": petition,
        "being_read": being_read,
        "unreached_address": reach.unreached_address(petition),
        "steps": story.to_petitioner(petition, now),
        **_question(petition),
        "ground": ground,
        "reason": reason,
        "elsewhere": story.last_words(petition, "redirect") if petition.state == State.REDIRECTED else {},
        "reply": reply,
        "kept_at": told.commitment_met_at if reply and reply.plan_date else None,
        "broken": bool(reply) and _is_broken(told, now),
        "replied_by": called(told.lead, told.answered_at) if told.lead else "",
        # The main one's answer was written to another person.
        "reply_text": _said_to(petition, told, reply.text) if reply else "",
        "evidence": _said_to(petition, told, reply.evidence) if reply else "",
        "files": petition.attachments.filter(evidence=False).order_by("pk"),
        # What proves an answer is shown once it is sent, not while it is a draft.
        "proofs": reply.enclosures.order_by("pk") if reply and told is petition else [],
        # A page that loads itself anew holds no box: what somebody types there would be gone.
        "acts": {} if being_read else _acts(request, petition),
        "may_be_shown": _may_be_shown(petition),
        "understood": (understood := understanding.of(petition, now)),
        "danger": bool(understood and understood.danger) or understanding.in_danger(petition, now),
        "until": _last_day(told),
        "court": reply and petition.kind == Kind.COMPLAINT and petition.instance > 1,
        "kin": _kin(petition),
        "scores": [(value, label, FACES[value]) for value, label in Score.choices],
        "score": dict(Score.choices).get(petition.score, ""),
        "discontent": petition.score == Score.DISSATISFIED,
    }
    answer = render(request, "feedback/follow.html", context)
    if being_read:
        answer.headers["Refresh"] = str(LOOKS_AGAIN_S)
    return answer


def _may_be_shown(petition: Petition) -> bool:
    """Everybody reads of it, or may one day: nothing of a draft, nor of what was refused or taken back."""
    if petition.kind in PETITIONS_AT_LAW:
        return False
    return petition.published_at is not None or petition.state in OPEN | ANSWERED_OR_CLOSED | {State.MERGED}


def _said_to(petition: Petition, told: Petition, words: str) -> str:
    """Words of the answer to `told`, as whoever sent this one may read them."""
    return words if told is petition else as_to_strangers(words, told)


def _is_broken(petition: Petition, now: dt.datetime) -> bool:
    """The day that the answer promised is over, and nobody has reported it done."""
    due = petition.commitment_due
    return petition.has_open_plan and due is not None and due < timezone.localdate(now)


def _answered_by(petition: Petition) -> Petition:
    """A merged petition follows its main one."""
    if petition.state != State.MERGED or petition.main_id is None:
        return petition
    return Petition.objects.select_related("lead").get(pk=petition.main_id)


def _acts(request: HttpRequest, petition: Petition) -> dict[str, FollowForm]:
    """A form for each thing that may be said now, by the name of the action or of the tap."""
    allowed = _allowed(request, petition)
    forms = {**FOR, **TAPS}
    return {
        name: form(petition=petition)
        for name, form in forms.items()
        if form.action in allowed and form.fits(petition)
    }


def _allowed(request: HttpRequest, petition: Petition) -> list[str]:
    """What the workflow offers, and handing in what is still a draft."""
    unsent = ["submit"] if petition.state == State.DRAFT else []
    return [*unsent, *workflow.available(petition, _actor(request, petition))]


def _last_day(petition: Petition) -> dt.datetime | None:
    """The window ends at 24:00: the day that people call its last."""
    ends = petition.window_ends_at
    return ends - dt.timedelta(seconds=1) if ends else None


def _kin(petition: Petition) -> list[tuple[Any, list[Petition]]]:
    """What belongs to this one and is opened by the same secret."""
    lead = Petition.objects.select_related("lead")
    born = list(lead.filter(origin=petition).order_by("pk"))
    kin = [
        (_("Phần tách ra"), [one for one in born if not one.is_appeal]),
        (_("Đơn đề nghị xem lại"), [one for one in born if one.is_appeal]),
        (_("Phản ánh ban đầu"), list(lead.filter(children=petition))),
    ]
    return [(name, petitions) for name, petitions in kin if petitions]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """`/tra-cuu/<code>/<slug>/`: a GET opens the page with the choice made and one button; a POST does it."""
    try:
        petition = _opened_or_404(request, code)
    except Http404:
        raise (LostWordsError if request.method == "POST" else Http404) from None
    if slug not in BY_SLUG:
        raise Http404
    if request.method != "POST":
        return _ask(request, BY_SLUG[slug](petition=petition))
    form = BY_SLUG[slug](request.POST, request.FILES, petition=petition)
    if form.fits(petition) and not form.is_valid():
        return _ask(request, form, status=400)
    try:
        if form.fits(petition):
            _perform(request, form)
        elif not _was_said(request, form):
            raise NotNow
    except NotNow:
        messages.error(request, str(form.too_late))
        return _ask(request, form, status=409)
    except ValidationError as error:
        form.blame(error)
        return _ask(request, form, status=400)
    messages.success(request, _done(form))
    return (
        redirect("feedback:say", code, form.leads_to) if form.leads_to else redirect("feedback:follow", code)
    )


def _done(form: FollowForm) -> str:
    """What was done; of an appeal with the way to what it became."""
    said = form.petition.steps.filter(action=form.action).last() if form.action in workflow.APPEALS else None
    born = Petition.objects.born_of(said).last() if said else None
    if born is None:
        return str(form.done)
    page = reverse("feedback:follow", args=[born.code])
    return format_html('{} <a href="{}">{}</a>', str(form.done), page, born.printed_code)


def _was_said(request: HttpRequest, form: FollowForm) -> bool:
    """The second press of a button that counts once, on the same page or after going back to a fresh one."""
    if not form.is_valid():
        return False
    seen = enclosures.unheard_since(form.petition, seen_on(request))
    told = {name: value for name, value in form.told().items() if name != "files"}
    return enclosures.said_since(form.petition, seen, form.action, told) is not None


def _perform(request: HttpRequest, form: FollowForm) -> None:
    told = form.told()
    files = told.pop("files", [])
    actor, seen = _actor(request, form.petition), seen_on(request)
    enclosures.take(form.petition, form.action, by=actor, files=files, seen=seen, once=form.once, **told)


def _ask(request: HttpRequest, form: FollowForm, status: int = 200) -> HttpResponse:
    """One thing on one page; what was typed, or chosen in a link, stands in it."""
    allowed = _allowed(request, form.petition)
    if not form.is_bound:
        form.initial = {name: request.GET[name] for name in form.fields if name in request.GET}
    form.ask_for_files_again()
    form.describe()
    may = (form.is_bound or form.action in allowed) and form.fits(form.petition)
    context = {"form": form, "petition": form.petition, "may": may}
    if isinstance(form, HideForm):
        context |= _in_public(form.petition) | {"acts": _acts(request, form.petition)}
    return render(request, form.page, context, status=status)


def _in_public(petition: Petition) -> dict[str, Any]:
    """What everyone reads of it, or would if it were published now; what is offered to the sender first."""
    published = public.published().filter(petition=petition).first()
    publishable = may_be_public(petition) and petition.state in OPEN | ANSWERED_OR_CLOSED
    offered = publishable and public.offered(petition) is not None
    new = published is None or offered
    copy = published
    if new:
        copy = public.preview(petition) if publishable else None
    return {
        "new": new,
        "unpublished": published is None,
        "publishable": publishable,
        "offered": offered,
        "until": petition.offered_at + OFFER_STANDS if petition.offered_at else None,
        "copy": public.whole(copy, timezone.localdate()) if copy else None,
    }


@require_POST
def try_reading(request: HttpRequest) -> HttpResponse:
    """`/gui/doc-thu/`: what the machine would understand; nothing is kept. Too many a minute: 429."""
    if pace.is_too_fast("try-reading", request.META["REMOTE_ADDR"], most=READINGS_A_MINUTE):
        return HttpResponse(status=429, headers={"Retry-After": str(pace.WINDOW_S)})
    proposal = understanding.propose(
        request.POST.get("text", ""),
        commune=request.POST.get("commune", ""),
        place_text=request.POST.get("place_text", ""),
        now=timezone.now(),
        point=point_of(request.POST.get("lat", ""), request.POST.get("lon", "")),
        apart=request.POST.get("apart") == "True",
    )
    unknown = "hidden" in request.POST or "anonymous" in request.POST
    named = filing.naming(request.POST.get("text", "")) if unknown else []
    return render(request, "feedback/understood.html", {"proposal": proposal, "named": named})


@require_GET
def communes(request: HttpRequest) -> JsonResponse:
    """`/gui/xa/?tinh=79`: the communes of a province for the place field."""
    rows = filing.communes(request.GET.get("tinh", ""))
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


# What the pages of one petition show beside its own columns.
SHOWN = ("lead", "commune", "subfield", "main")


def _numbered(petition: Petition) -> Petition:
    """Read anew, for the forms of its page."""
    return numbered(Petition.objects.filter(pk=petition.pk)).select_related(*SHOWN).get()


def _opened_or_404(request: HttpRequest, code: str) -> Petition:
    """The petition whose secret this browser has shown, or that the signed-in person filed."""
    return get_object_or_404(numbered(theirs(request)).select_related(*SHOWN), code=code)


def _is_theirs(request: HttpRequest, petition: Petition) -> bool:
    signed_in = isinstance(request.user, User) and secret_holder(request.user, petition)
    return signed_in or is_opened(request, petition)
