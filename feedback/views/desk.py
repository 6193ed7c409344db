"""Pages of the officials: their lists, one petition, and what they may do with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from feedback import enclosures, inbox, permissions, story, workflow
from feedback.forms.action import ActionForm, Group
from feedback.forms.choices import routes_of
from feedback.forms.desk import FOR
from feedback.models import Petition
from feedback.steps import NotNow, take
from feedback.timing import timing
from feedback.workflow import Kind, State
from routing.models import Subfield

# A suspected complaint or denunciation might go to the very people complained of: never by one click.
NEVER_ONE_CLICK = (Kind.COMPLAINT, Kind.DENUNCIATION, Kind.SPAM)


@login_required
@require_safe
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """`/xu-ly/`: the lists of this person, the nearest deadline first."""
    user = _official(request)
    drawers = inbox.drawers_of(user)
    slug = request.GET.get("xem") or drawers[0].slug
    drawer = next((drawer for drawer in drawers if drawer.slug == slug), None)
    if drawer is None:
        raise Http404
    now = timezone.now()
    listed = drawer.of(Petition.objects.visible_to(user), user, now)
    page = inbox.page(listed, after=request.GET.get("sau", ""), now=now)
    rows = [(row, _picks(row.petition, user)) for row in page.rows]
    context = {"drawer": drawer, "rows": rows, "page": page, **_rail(user, now, drawer.slug)}
    return render(request, "feedback/desk.html", context)


def _official(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not user.works_here:
        raise Http404
    return user


def _rail(user: User, now: Any, current: str = "") -> dict[str, object]:
    seen = Petition.objects.visible_to(user)  # built once: the condition is long
    counts = [(drawer, inbox.counted(drawer.of(seen, user, now))) for drawer in inbox.drawers_of(user)]
    views = [
        {
            "address": f"/xu-ly/?xem={drawer.slug}",
            "name": drawer.name,
            "icon": drawer.icon,
            "tone": drawer.tone,
            "count": count,
            "current": drawer.slug == current,
        }
        for drawer, count in counts
        if count != "0" or drawer.slug == current or drawer.slug in inbox.ALWAYS
    ]
    places = [str(post.agency or post.province or _("Cả nước")) for post in user.posts]
    return {
        "views": views,
        "who": ", ".join(dict.fromkeys(places)),
        "watches": user.has_role(*inbox.INTAKE, *inbox.OVERSIGHT),
    }


def _picks(petition: Petition, user: User) -> list[dict[str, Any]]:
    """The machine's candidates as one-click choices, where this person may assign now."""
    waits = petition.state in (State.SUBMITTED, State.RECEIVED, State.RETURNED)
    may = permissions.focal_point(user, petition) or permissions.petition_officer(user, petition)
    if not waits or not may or petition.kind in NEVER_ONE_CLICK:
        return []
    return routes_of(petition)


def _subfield_names(slugs: list[str]) -> dict[str, str]:
    return dict(Subfield.objects.filter(pk__in=slugs).values_list("pk", "name_vi"))


@login_required
@require_safe
@never_cache
def petition(request: HttpRequest, code: str) -> HttpResponse:
    """`/xu-ly/<code>/`; `?lam=<action>` opens that action's form first and does nothing yet."""
    petition = _seen_or_404(request, code)
    wanted = request.GET.get("lam", "")
    allowed = workflow.available(petition, _official(request)) if wanted in FOR else []
    return _page(request, petition, wanted=FOR[wanted](petition=petition) if wanted in allowed else None)


def _seen_or_404(request: HttpRequest, code: str) -> Petition:
    seen = Petition.objects.visible_to(request.user)
    related = ("lead", "commune", "province", "subfield__field", "contact", "policy", "main", "origin")
    return get_object_or_404(seen.select_related(*related), code=code)


def _page(
    request: HttpRequest, petition: Petition, *, wanted: ActionForm | None = None, status: int = 200
) -> HttpResponse:
    """The petition; `wanted` is the form that stands first: asked for, or not gone through."""
    user = _official(request)
    now = timezone.now()
    available = workflow.available(petition, user)
    allowed = [form for name, form in FOR.items() if name in available]
    context = {
        "petition": petition,
        "clock": timing(petition, now, why=True),
        "steps": story.to_officials(petition, now),
        "acts": _acts(petition, allowed, wanted),
        "others": _others(petition, allowed),
        "wanted": wanted,
        "picks": _picks(petition, user),
        "guesses": _guesses(petition),
        "reply": petition.replies.last(),
        "files": petition.attachments.order_by("pk"),
        "contact": _contact(petition, user),
        "kin": _kin(petition, user),
        "asked": petition.coordinations.select_related("agency"),
        **_rail(user, now),
    }
    return render(request, "feedback/petition.html", context, status=status)


def _acts(petition: Petition, allowed: list[type[ActionForm]], wanted: ActionForm | None) -> list[ActionForm]:
    """The forms that the petition waits for, and before them the one that was asked for."""
    acts = [form(petition=petition) for form in allowed if form.leads(petition)]
    if wanted is None:
        return acts
    return [wanted, *(form for form in acts if type(form) is not type(wanted))]


def _others(petition: Petition, allowed: list[type[ActionForm]]) -> list[tuple[str, list[type[ActionForm]]]]:
    """Whatever else is allowed, by heading: each a word that opens its form."""
    rest = [form for form in allowed if not form.leads(petition)]
    groups = [(str(group.label), [form for form in rest if form.group == group]) for group in Group]
    return [(name, forms) for name, forms in groups if forms]


def _kin(petition: Petition, user: User) -> list[tuple[Any, list[Petition]]]:
    """Petitions that belong to this one, as far as this person may see them."""
    above = [pk for pk in (petition.main_id, petition.origin_id) if pk]
    related = Q(pk__in=above) | Q(main=petition) | Q(origin=petition)
    seen = list(Petition.objects.visible_to(user).filter(related).order_by("pk")[:40])
    kin = [
        (_("Đơn chính"), [one for one in seen if one.pk == petition.main_id]),
        (_("Tách ra hoặc đề nghị xem lại từ"), [one for one in seen if one.pk == petition.origin_id]),
        (_("Đã gộp vào đơn này"), [one for one in seen if one.main_id == petition.pk]),
        (_("Phần tách ra, đề nghị xem lại"), [one for one in seen if one.origin_id == petition.pk]),
    ]
    return [(name, petitions) for name, petitions in kin if petitions]


def _guesses(petition: Petition) -> list[dict[str, Any]]:
    """The best three sub-fields with the machine's probability in per cent."""
    if petition.reading is None:
        return []
    candidates = petition.reading.candidates
    names = _subfield_names([guess["subfield"] for guess in candidates])
    return [
        {
            "name": names.get(candidate["subfield"], candidate["subfield"]),
            "share": round(candidate["p"] * 100),
        }
        for candidate in candidates
    ]


def _contact(petition: Petition, user: User) -> object:
    return getattr(petition, "contact", None) if permissions.can_see_contact(user, petition) else None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, code: str, action: str) -> HttpResponse:
    """Take one action; 400 and 409 keep every word that was typed. A GET opens its form."""
    petition = _seen_or_404(request, code)
    if action not in FOR:
        raise Http404
    if request.method != "POST":
        return redirect(f"{petition.get_absolute_url()}?lam={action}")
    form = FOR[action](request.POST, request.FILES, petition=petition)
    if not form.is_valid():
        return _page(request, petition, wanted=_described(form), status=400)
    try:
        _perform(form, _official(request))
    except NotNow as refused:
        messages.error(request, _("%(why)s Có thể một người khác vừa làm trước bạn.") % {"why": refused})
        kept = _described(form) if form.fields else None
        return _page(request, _seen_or_404(request, code), wanted=kept, status=409)
    except ValidationError as error:
        form.blame(error)
        return _page(request, petition, wanted=_described(form), status=400)
    messages.success(request, _("Đã xong: %(what)s.") % {"what": _lowered(str(form.title))})
    return _onward(request, code)


def _lowered(title: str) -> str:
    """As it stands inside a sentence."""
    return title[:1].lower() + title[1:]


def _described(form: ActionForm) -> ActionForm:
    form.describe()
    return form


def _perform(form: ActionForm, user: User) -> None:
    told = form.told()
    if told.get("main") and not Petition.objects.visible_to(user).filter(code=told["main"]).exists():
        raise ValidationError(
            {"main": _("Không có đơn nào mang mã này.")}
        )  # nor one that is not this person's
    files = told.pop("files", [])
    enclosures.take(form.petition, form.action, by=user, files=files, proof=form.proves, **told)


def _onward(request: HttpRequest, code: str) -> HttpResponse:
    """Back to the petition, or to the desk when it went out of this person's sight."""
    if Petition.objects.visible_to(request.user).filter(code=code).exists():
        return redirect("feedback:petition", code)
    return redirect("feedback:desk")


@login_required
@require_POST
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """The focal point's one click on a candidate: receive with its field and assign, both or neither."""
    petition = _seen_or_404(request, code)
    user = _official(request)
    wanted = request.POST.get("subfield")  # two candidates may lead to the same agency
    route = next((route for route in routes_of(petition) if route["subfield"] == wanted), None)
    if route is None or petition.kind in NEVER_ONE_CLICK:
        raise Http404
    try:
        with transaction.atomic():
            if petition.state == State.SUBMITTED:
                take(petition, "receive", by=user, subfield=route["subfield"])
            take(petition, "assign", by=user, agency=route["agency"])
    except NotNow as refused:
        messages.error(request, _("%(why)s Có thể một người khác vừa làm trước bạn.") % {"why": refused})
        return _onward(request, code)
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
        return _onward(request, code)
    messages.success(
        request, _("Đã chuyển %(code)s đến %(agency)s.") % {"code": petition, "agency": route["name"]}
    )
    return redirect("feedback:desk")
