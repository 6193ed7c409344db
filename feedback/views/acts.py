"""What an official does with a petition: by a form, by one click, while typing."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods

from accounts.models import User
from feedback import drafts, enclosures, inbox, story, workflow
from feedback.forms.action import ActionForm
from feedback.forms.desk import FOR
from feedback.forms.replying import ReplyForm
from feedback.forms.said import FILES_LOST
from feedback.locking import locked
from feedback.models import Petition, Step, Withheld
from feedback.steps import NotNow, since, take
from feedback.views.deeds import deed, keeps_words, seen_on
from feedback.views.petition import petition_page, seen_or_404, withhold_form
from feedback.views.picks import never_by_one_click, offered
from feedback.views.rail import official
from feedback.workflow import State
from routing.names import lowered


@keeps_words
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, code: str, action: str) -> HttpResponse:
    """Take one action; 400 and 409 keep every word that was typed. A GET opens its form."""
    petition = seen_or_404(request, code)
    if action not in FOR:
        raise Http404
    if request.method != "POST":
        return redirect(f"{petition.get_absolute_url()}?lam={action}")
    user = official(request)
    form = FOR[action](request.POST, request.FILES, petition=petition, by=user)
    redrawn = form.redrawn()
    if redrawn:
        return petition_page(request, petition, wanted=redrawn)
    if not form.is_valid():
        return petition_page(request, petition, wanted=_described(form), status=400)
    seen = seen_on(request)
    if isinstance(form, ReplyForm) and _typed_elsewhere(request, form):
        return petition_page(request, petition, wanted=ReplyForm(petition=petition, by=form.by), status=409)
    if isinstance(form, ReplyForm) and action in workflow.available(petition, user) and form.warns():
        return petition_page(request, petition, wanted=form)  # the caution tells of files itself
    try:
        _perform(form, user, seen, to_doubt=_answers_doubt(request))
    except NotNow as refused:
        return _overtaken(request, code, form, refused, seen)
    except ValidationError as error:
        form.blame(error)
        return petition_page(request, petition, wanted=_described(form), status=400)
    messages.success(request, _("Đã xong: %(what)s.") % {"what": lowered(str(form.done or form.title))})
    return _onward(request, code)


BOTH = _l(
    "Bạn còn một bản nháp khác, soạn ở cửa sổ hoặc máy khác: cả hai đều được giữ, bản kia nằm dưới ô trả lời."
)


def _typed_elsewhere(request: HttpRequest, form: ReplyForm) -> bool:
    """Whether there is a draft that this page did not show: it would go unread with the answer handed in.

    Then what is typed here is kept beside it first. What may not be drafted now is refused as ever.
    """
    window, user = drafts.Window.told(request.POST), official(request)
    if not drafts.unseen(form.petition, user, window):
        return False
    try:
        drafts.keep(form.petition, by=user, told=form.cleaned_data, now=timezone.now(), window=window)
    except (NotNow, PermissionDenied, ValidationError):
        return False
    messages.warning(request, _("%(both)s Chưa trình duyệt; xem lại rồi trình.") % {"both": BOTH})
    if request.FILES:
        messages.warning(request, FILES_LOST)
    return True


def _overtaken(
    request: HttpRequest, code: str, form: ActionForm, refused: NotNow, seen: int | None
) -> HttpResponse:
    """Nothing was done: who did what meanwhile, and the form with every word, ready to be sent again."""
    messages.error(request, _("%(why)s Có thể một người khác vừa làm trước bạn.") % {"why": refused})
    petition = seen_or_404(request, code)
    asked = official(request) if _answers_doubt(request) else None
    steps = since(petition, seen, answered_by=asked) if seen is not None else Step.objects.none()
    later = steps.select_related("words", "by", "petition")
    kept = _described(form) if form.fields else None
    meanwhile = story.later(later, timezone.now(), by=official(request))
    return petition_page(request, petition, wanted=kept, meanwhile=meanwhile, status=409)


@deed(lambda request, code: reverse("feedback:petition", args=[code]))
def withhold(request: HttpRequest, code: str) -> HttpResponse:
    """`/xu-ly/<code>/khong-dang/`: looked at and not published, with the reason; twice is once."""
    petition, user = seen_or_404(request, code), official(request)
    if "offer_publication" not in (available := workflow.available(petition, user)):
        raise PermissionDenied
    form = withhold_form(request, petition, available)
    if form is None:
        messages.error(request, _("Đơn này đã được đăng hoặc đã được giữ lại."))
        return _onward(request, code)
    if not form.is_valid():
        return petition_page(request, petition, status=400)
    with transaction.atomic():
        told = "" if locked(petition.pk).erased_at else form.cleaned_data["reason"]
        Withheld.objects.get_or_create(
            petition=petition, over_at=None, defaults={"by": user, "at": timezone.now(), "reason": told}
        )
    messages.success(request, _("Đã giữ lại, không đăng."))
    return _onward(request, code)


def _described(form: ActionForm) -> ActionForm:
    form.ask_for_files_again()
    form.describe()
    return form


def _answers_doubt(request: HttpRequest) -> bool:
    """Pressed beside the question of the machine: whoever does is told of another's answer."""
    return "asked" in request.POST


def _perform(form: ActionForm, user: User, seen: int | None, *, to_doubt: bool = False) -> None:
    told = form.told()
    if told.get("main") and not Petition.objects.visible_to(user).filter(code=told["main"]).exists():
        raise ValidationError(
            {"main": _("Không có đơn nào mang mã này.")}
        )  # nor one that is not this person's
    files = told.pop("files", [])
    told |= {"to_doubt": to_doubt} if to_doubt else {}
    enclosures.take(form.petition, form.action, by=user, files=files, seen=seen, **told)


def _onward(request: HttpRequest, code: str) -> HttpResponse:
    """Back to the petition, or to its list when it went out of this person's sight."""
    whence = inbox.whence(request.POST.get("tu", ""), official(request))
    if Petition.objects.visible_to(request.user).filter(code=code).exists():
        told = f"?{urlencode({'tu': str(whence)})}" if whence else ""
        return redirect(f"{reverse('feedback:petition', args=[code])}{told}")
    return _to_list(whence.drawer.slug if whence else "")


def _to_list(slug: str, after: str = "") -> HttpResponse:
    told = {"xem": slug, "sau": after}
    asked = urlencode({name: value for name, value in told.items() if value})
    return redirect(f"{reverse('feedback:desk')}{'?' if asked else ''}{asked}")


NO_FILES_IN_DRAFTS = _l("Bản nháp không giữ tệp: xin chọn lại các tệp trước khi trình.")


@deed(lambda request, code: reverse("feedback:petition", args=[code]))
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """`/xu-ly/<code>/nhap/`: keep what is typed so far; a script reads JSON, anyone else comes back to it."""
    petition, user, now = seen_or_404(request, code), official(request), timezone.now()
    quiet = request.headers.get("Accept") == "application/json"
    form = ReplyForm(request.POST, petition=petition, by=user)
    form.is_valid()
    try:
        window = drafts.Window.told(request.POST)
        kept = drafts.keep(petition, by=user, told=request.POST.dict(), now=now, window=window)
    except NotNow as refused:
        if quiet:
            return JsonResponse({"said": str(refused)}, status=409)
        return _overtaken(request, code, form, refused, seen_on(request))
    except PermissionDenied as refused:
        if quiet:
            return JsonResponse({"said": str(refused)}, status=403)
        raise
    except ValidationError as wrong:
        form.blame(wrong)
        if quiet:
            return JsonResponse({"said": " ".join(wrong.messages)}, status=400)
        return petition_page(request, petition, wanted=_described(form), status=400)
    if quiet and "weigh" in request.POST:
        warned = [{"key": one.key, "says": str(one.says)} for one in form.warnings()]
        return JsonResponse({"said": "", "warns": warned})
    said = _("Đã lưu nháp lúc %(time)s.") % {"time": timezone.localtime(now).strftime("%H:%M")}
    unseen = drafts.unseen(petition, user, window)
    if quiet:
        told = [said] if kept else []
        told += [_("Bạn còn soạn ở cửa sổ khác: bấm “Lưu nháp” để thấy cả hai bản.")] if unseen else []
        return JsonResponse({"said": " ".join(told), "unseen": unseen})
    drafts.prefer(petition, request.POST.get("prefer", ""), by=user, now=timezone.now())
    drafts.drop(petition, request.POST.get("drop", ""), by=user)
    if request.FILES:
        messages.warning(request, NO_FILES_IN_DRAFTS)
    if unseen:
        messages.warning(request, f"{said} {BOTH}")
    else:
        messages.success(request, said)
    return _onward(request, code)


@deed(lambda request, code: reverse("feedback:petition", args=[code]))
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """The focal point's one click on a candidate: receive with its field and assign, both or neither."""
    petition = seen_or_404(request, code)
    user = official(request)
    wanted = request.POST.get("subfield")  # two candidates may lead to the same agency
    route = next((route for route in offered(petition) if route["key"] == wanted), None)
    if route is None or never_by_one_click(petition):
        raise Http404
    try:
        with transaction.atomic():
            seen = seen_on(request)
            if petition.state == State.SUBMITTED:
                told = {"subfield": route["subfield"]} if route["subfield"] else {}
                take(petition, "receive", by=user, seen=seen, **told)
                seen = None  # the step just taken is one's own
            take(petition, "assign", by=user, seen=seen, agency=route["agency"])
    except NotNow as refused:
        if not _has_given(petition, str(route["agency"]), user):  # else it was pressed twice
            messages.error(request, f"{refused} {_meanwhile(petition, seen_on(request), user)}")
            return _onward(request, code)
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
        return _onward(request, code)
    messages.success(request, _handed_on(petition, str(route["name"])))
    whence = inbox.whence(request.POST.get("tu", ""), user)
    if whence and "sau" not in request.POST:  # chosen on the petition's own page: the next is one key away
        return _onward(request, code)
    return _to_list(whence.drawer.slug if whence else "", request.POST.get("sau", ""))


def _has_given(petition: Petition, agency: str, user: User) -> bool:
    """Whether the last that was done with it is just this, by this very person."""
    last = petition.steps.exclude(action__in=workflow.QUIET).last()
    given = last and (last.action, last.by_id, last.facts.get("agency"))
    return given == ("assign", user.pk, agency)


def _meanwhile(petition: Petition, seen: int | None, user: User) -> str:
    """Who did what before this press, from what the page showed, else the last of it."""
    steps = since(petition, seen if seen is not None else petition.last_step().seq - 1)
    events = story.later(steps.select_related("words", "by", "petition"), timezone.now(), by=user)
    told = [f"{event.note}: {event.said}, {event.moment}" for event in events]
    return _("Trong lúc bạn làm: %(what)s.") % {"what": "; ".join(told)} if told else ""


def _handed_on(petition: Petition, agency: str) -> str:
    """What one key did, and the way to mend a slip: a step of its own, for nothing is undone unseen."""
    said = _("Đã chuyển %(code)s đến %(agency)s.") % {"code": petition, "agency": agency}
    mends = f"{reverse('feedback:petition', args=[petition.code])}?lam=transfer"
    return format_html('{} <a href="{}">{}</a>', said, mends, _("Nhầm nơi? Chuyển lại"))
