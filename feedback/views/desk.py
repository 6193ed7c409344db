"""Pages of the officials: their lists, one petition, and what they may do with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from feedback import answering, forms, inbox, permissions, story, workflow
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
    page = inbox.page(drawer.of(user, now), after=request.GET.get("sau", ""), now=now)
    rows = [(row, _picks(row.petition, user)) for row in page.rows]
    context = {"drawer": drawer, "rows": rows, "page": page, **_rail(user, now, drawer.slug)}
    return render(request, "feedback/desk.html", context)


def _official(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not user.works_here:
        raise Http404
    return user


def _rail(user: User, now: Any, current: str = "") -> dict[str, object]:
    views = [
        {
            "address": f"/xu-ly/?xem={drawer.slug}",
            "name": drawer.name,
            "icon": drawer.icon,
            "tone": drawer.tone,
            "count": inbox.counted(drawer.of(user, now)),
            "current": drawer.slug == current,
        }
        for drawer in inbox.drawers_of(user)
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
    return forms.routes_of(petition)


def _subfield_names(slugs: list[str]) -> dict[str, str]:
    return dict(Subfield.objects.filter(pk__in=slugs).values_list("pk", "name_vi"))


@login_required
@require_safe
@never_cache
def petition(request: HttpRequest, code: str) -> HttpResponse:
    """`/xu-ly/<code>/`."""
    return _page(request, _seen_or_404(request, code))


def _seen_or_404(request: HttpRequest, code: str) -> Petition:
    seen = Petition.objects.visible_to(request.user)
    related = ("lead", "commune", "province", "subfield__field", "contact", "policy")
    return get_object_or_404(seen.select_related(*related), code=code)


def _page(
    request: HttpRequest, petition: Petition, *, tried: forms.ActionForm | None = None, status: int = 200
) -> HttpResponse:
    """The petition; `tried` is the form that did not go through, with its words and what is wrong."""
    user = _official(request)
    now = timezone.now()
    context = {
        "petition": petition,
        "clock": timing(petition, now, why=True),
        "steps": story.to_officials(petition, now),
        "acts": _acts(petition, user, tried),
        "picks": _picks(petition, user),
        "guesses": _guesses(petition),
        "reply": petition.replies.last(),
        "files": petition.attachments.order_by("pk"),
        "contact": _contact(petition, user),
        **_rail(user, now),
    }
    return render(request, "feedback/petition.html", context, status=status)


def _acts(petition: Petition, user: User, tried: forms.ActionForm | None) -> list[forms.ActionForm]:
    """One form an action that the workflow allows this person now, the one that failed first."""
    allowed = workflow.available(petition, user)
    acts = [form(petition=petition) for name, form in forms.FOR.items() if name in allowed]
    if tried is None:
        return acts
    return [tried, *(form for form in acts if type(form) is not type(tried))]


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
@require_POST
def act(request: HttpRequest, code: str, action: str) -> HttpResponse:
    """Take one action; 400 and 409 keep every word that was typed."""
    petition = _seen_or_404(request, code)
    if action not in forms.FOR:
        raise Http404
    form = forms.FOR[action](request.POST, request.FILES, petition=petition)
    if not form.is_valid():
        return _page(request, petition, tried=_described(form), status=400)
    try:
        _perform(petition, action, _official(request), form.told())
    except NotNow as refused:
        messages.error(request, _("%(why)s Có thể một người khác vừa làm trước bạn.") % {"why": refused})
        kept = _described(form) if form.fields else None
        return _page(request, _seen_or_404(request, code), tried=kept, status=409)
    except ValidationError as error:
        form.blame(error)
        return _page(request, petition, tried=_described(form), status=400)
    messages.success(request, _("Đã xong: %(what)s.") % {"what": str(form.title).lower()})
    return _onward(request, code)


def _described(form: forms.ActionForm) -> forms.ActionForm:
    form.describe()
    return form


def _perform(petition: Petition, action: str, user: User, told: dict[str, Any]) -> None:
    if action == "draft_reply":
        answering.draft(petition, by=user, files=told.pop("files", []), **told)
    else:
        take(petition, action, by=user, **told)


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
    route = next((route for route in forms.routes_of(petition) if route["subfield"] == wanted), None)
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
    messages.success(
        request, _("Đã chuyển %(code)s đến %(agency)s.") % {"code": petition, "agency": route["name"]}
    )
    return redirect("feedback:desk")
