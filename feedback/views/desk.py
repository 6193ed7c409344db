"""Pages of the officials: their lists, one petition, and what they may do with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

import search
from accounts.models import Role, User
from classifier import officials
from classifier.text import fold
from feedback import (
    access,
    alike,
    codes,
    drafts,
    emptiness,
    enclosures,
    inbox,
    pakn,
    papers,
    permissions,
    register,
    story,
    watch,
    whole,
    workflow,
)
from feedback.access import What
from feedback.accused import asks_who
from feedback.facts import Criterion
from feedback.forms.action import ActionForm, Group
from feedback.forms.choices import lacking_a_place, routes_of
from feedback.forms.desk import FOR
from feedback.forms.objecting import LeaveForm
from feedback.forms.publishing import WithholdForm
from feedback.forms.replying import ReplyForm
from feedback.hands import hands
from feedback.later_words import is_apart, told_by_sender
from feedback.maps import Spot
from feedback.models import (
    Attachment,
    Look,
    Objection,
    Petition,
    PetitionQuerySet,
    ReplyDraft,
    Withheld,
)
from feedback.models.petition import read_ahead
from feedback.public import why_look_again
from feedback.redaction import as_seen, file_names_as_seen, masked, place_as_seen
from feedback.steps import NotNow, locked, since, take
from feedback.timing import timing
from feedback.views import found
from feedback.views.deeds import deed, keeps_words, numbered, seen_on
from feedback.why import reason_of, why_in_full
from feedback.workflow import Kind, PaknClass, State
from routing.assignment import heirs_of
from routing.kept import every_subfield
from routing.places import distance_km
from routing.succession import successions
from routing.telling import number

# Decimals of a degree: a metre, and a hundred metres.
POINT_DIGITS, VEILED_DIGITS = 5, 3
# A suspected complaint or denunciation might go to the very people complained of: never by one click.
NEVER_ONE_CLICK = (Kind.COMPLAINT, Kind.DENUNCIATION, Kind.SPAM)


@login_required
@require_safe
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """`/xu-ly/`: the lists of this person, the nearest deadline first."""
    user = _official(request)
    drawers = inbox.drawers_of(user)
    typed = request.GET.get("ma") or request.GET.get("q", "")
    if request.GET.get("ma") or codes.clean_code(typed):
        return _by_code(request, user, typed)
    if "q" in request.GET:
        return _found(request, user)
    now, seen = timezone.now(), Petition.objects.visible_now(user)
    worded = seen.worded()
    counts = inbox.tally(user, now, worded)
    slug = request.GET.get("xem") or inbox.opening(worded, user, now, counts).slug
    drawer = next((drawer for drawer in drawers if drawer.slug == slug), None)
    if drawer is None:
        raise Http404
    listed = drawer.of(seen, user, now)
    after = request.GET.get("sau", "")
    page = inbox.page(listed, by=user, after=after, now=now, order=drawer.order, columns=inbox.LISTED)
    read_ahead([row.petition for row in page.rows if _may_pick(row.petition, user)])
    rows = [(row, _picks(row.petition, user)) for row in page.rows]
    context = {"drawer": drawer, "rows": rows, "page": page, "after": after}
    context |= _rail(user, now, drawer.slug, counts)
    return render(request, "feedback/desk.html", context)


def _found(request: HttpRequest, user: User) -> HttpResponse:
    """`/xu-ly/?q=`: what this person may see of what holds the words; 503 where they cannot be looked for."""
    asked, now = found.Asked.of(request.GET.dict()), timezone.now()
    try:
        told = found.found(user, asked, now)
    except search.Unavailable as away:
        told = {"asked": asked, "away": str(away)}
    response = render(request, "feedback/found.html", told | _rail(user, now))
    if "away" in told:
        response.status_code, response["Retry-After"] = 503, "60"
    return response


def _by_code(request: HttpRequest, user: User, typed: str) -> HttpResponse:
    """Someone on the telephone reads out a code; what is not this person's does not exist.

    In the box of words it may be the number of a card or a contract that stands in a text.
    """
    code = codes.clean_code(typed)
    if code and Petition.objects.visible_to(user).filter(code=code).exists():
        return redirect("feedback:petition", code)
    if not request.GET.get("ma") and found.stands_somewhere(user, typed):
        return _found(request, user)
    messages.error(
        request, _("Không có đơn nào mang mã “%(code)s” trong phạm vi của bạn.") % {"code": typed[:40]}
    )
    return redirect("feedback:desk")


def _official(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not user.works_here:
        raise Http404
    return user


def _rail(
    user: User, now: Any, current: str = "", counted: Mapping[str, int] | None = None
) -> dict[str, object]:
    """The margin; `counted`: how many each list holds, where that was asked already."""
    told = counted or inbox.tally(user, now)
    counts = [
        (drawer, "" if drawer.latest else inbox.shown(told[drawer.slug])) for drawer in inbox.drawers_of(user)
    ]
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
        "letters": [(form.key, form.title) for form in FOR.values() if form.key],
        "enters": user.has_role(Role.OPERATOR),
        "registers": user.has_role(Role.PETITION_OFFICER),
        "in_register": current == "so-don",
        "in_a_list": any(view["current"] for view in views),
        "watches": user.has_role(*permissions.SEES_BOARD),
    }


def _picks(petition: Petition, user: User) -> list[dict[str, Any]]:
    """The machine's candidates as one-click choices, where this person may assign now."""
    return routes_of(petition) if _may_pick(petition, user) and not _asks_who(petition) else []


def _asks_who(petition: Petition) -> bool:
    """It may complain of the very body that one click would give it to."""
    subfields = {route["subfield"] for route in (petition.reading.routes if petition.reading else ())}
    told = told_by_sender(petition)
    return is_apart(petition) or any(asks_who(petition.kind, subfield, told) for subfield in subfields)


def _may_pick(petition: Petition, user: User) -> bool:
    return _may_give(petition, user) and not petition.proposed_ground and petition.kind not in NEVER_ONE_CLICK


def _may_give(petition: Petition, user: User) -> bool:
    """Whoever takes it in has it, and chooses who gets it."""
    waits = petition.state in (State.SUBMITTED, State.RECEIVED, State.RETURNED)
    may = permissions.focal_point(user, petition) or permissions.petition_officer(user, petition)
    return waits and may


def _subfield_names(slugs: list[str]) -> dict[str, str]:
    known = every_subfield()
    return {slug: str(known[slug]) for slug in slugs if slug in known}


@login_required
@require_safe
@never_cache
def petition(request: HttpRequest, code: str) -> HttpResponse:
    """`/xu-ly/<code>/`; `?lam=<action>` opens that action's form first and does nothing yet."""
    petition = _whole_or_404(request, code)
    wanted, user = request.GET.get("lam", ""), _official(request)
    allowed = workflow.available(petition, user) if wanted in FOR else []
    form = FOR[wanted](petition=petition, by=user) if wanted in allowed else None
    return _page(request, petition, wanted=form)


RELATED = ("lead", "commune", "province", "subfield__field", "contact", "policy", "main", "origin")


def _seen_or_404(request: HttpRequest, code: str) -> Petition:
    seen = numbered(Petition.objects.visible_to(request.user))
    return get_object_or_404(seen.select_related(*RELATED), code=code)


def _whole_or_404(request: HttpRequest, code: str) -> Petition:
    """The same with all that its page tells; what is done meanwhile is not in it."""
    user = _official(request)
    seen = numbered(whole.with_all(Petition.objects.visible_to(user), user))
    found = get_object_or_404(seen.select_related(*RELATED, "public"), code=code)
    whole.unpack(found, user)
    return found


def _page(
    request: HttpRequest,
    petition: Petition,
    *,
    wanted: ActionForm | None = None,
    meanwhile: Iterable[story.Event] = (),
    status: int = 200,
) -> HttpResponse:
    """The petition; `wanted` is the form that stands first: asked for, or not gone through."""
    user = _official(request)
    now = timezone.now()
    available = workflow.available(petition, user)
    contact = _contact(petition, user)
    access.kept(user, What.PETITION, petition=petition, page="feedback:petition", named=contact is not None)
    allowed = [form for name, form in FOR.items() if name in available]
    leading = [form for form in allowed if form.leads(petition)]
    whence = inbox.whence(request.POST.get("tu") or request.GET.get("tu", ""), user)
    seen = Petition.objects.visible_now(user, _asked_along(petition)).worded()
    following = whence.following(petition, seen, user, now) if whence else None
    reply = petition.last_reply
    watches = user.has_role(*permissions.SEES_BOARD)
    context = {
        "petition": petition,
        "told_text": (told_text := as_seen(petition.text, petition, user)),
        "veiled": told_text != petition.text,
        "place_text": place_as_seen(petition, user),
        "reason": reason_of(petition, user),
        "why": why_in_full(petition, now),
        "report_late": petition.report_due_on is not None
        and petition.report_due_on < timezone.localdate(now),
        "closed_lead": _closed_lead(petition, now),
        "clock": timing(petition, now, why=True),
        "steps": story.to_officials(petition, now, by=user),
        "acts": _acts(petition, user, leading, wanted),
        "another_takes": _waits_for_another(petition, user),
        "others": _others([form for form in allowed if form not in leading]),
        "wanted": wanted,
        "meanwhile": meanwhile,
        "whence": whence,
        "following": following,
        "following_whence": whence.at(following) if whence and following else None,
        "told": watch.told(petition) if watches else (),
        "hands": hands(petition, user) if watches and petition.hops > 1 else (),
        "objections": _objections(petition) if "unpublish" in available else (),
        "leave": LeaveForm(auto_id="leave_%s"),
        "look_again": why_look_again(petition) if "publish" in available else (),
        "may_mend": "publish" in available,
        "withheld": _kept_back(petition),
        "withhold": _withhold(request, petition, available),
        "colleagues": _colleagues(petition, user) if "draft_reply" in available else (),
        "picks": _picks(petition, user),
        "unplaced": lacking_a_place(petition) if _may_pick(petition, user) else (),
        "guesses": _guesses(petition),
        "deciding": _deciding(petition, user),
        "officials": officials(told_by_sender(petition)) if _may_pick(petition, user) else (),
        "apart": _may_give(petition, user) and is_apart(petition),
        "asks_who": _may_pick(petition, user) and _asks_who(petition),
        "reply": reply,
        "reply_text": as_seen(reply.text, petition, user) if reply else "",
        "reply_evidence": as_seen(reply.evidence, petition, user) if reply else "",
        "reply_warns": emptiness.of_reply(petition, reply) if reply and "approve" in available else (),
        "files": _files(petition, user),
        "keeps_files": petition.denouncer_sealed and permissions.can_see_files(user, petition),
        "contact": contact,
        "may_look": petition.sealed and permissions.can_see_contact(user, petition),
        "looks": _looks(petition, user),
        "papers": papers.offered(petition, user, now),
        "pakn_class": dict(PaknClass.choices).get(pakn.class_of(petition), ""),
        "criteria": [Criterion(one).label for one in reply.drafted.facts.get("criteria", ())]
        if reply
        else [],
        **_at_law(petition, now),
        "kin": _kin(petition, seen),
        "asked": petition.coordinations.all(),
        "point": _point(petition, user),
        **_rail(user, now, whence.drawer.slug if whence else "", inbox.tally(user, now, seen)),
    }
    return render(request, "feedback/petition.html", context, status=status)


def _asked_along(petition: Petition) -> list[int] | None:
    """The petitions on which whoever asks is to help, where that came along."""
    rows = petition.told_along.get("asked")
    return [one.petition_id for one in rows] if rows is not None else None


def _acts(
    petition: Petition, user: User, leading: list[type[ActionForm]], wanted: ActionForm | None
) -> list[ActionForm]:
    """The forms that the petition waits for, and before them the one that was asked for."""
    acts = [form(petition=petition, by=user) for form in leading]
    if wanted is None:
        return acts
    return [wanted, *(form for form in acts if not _same_boxes(form, wanted))]


def _same_boxes(one: ActionForm, other: ActionForm) -> bool:
    """The same form, or one that asks for the same words to another end."""
    return isinstance(one, type(other)) or isinstance(other, type(one))


def _waits_for_another(petition: Petition, user: User) -> bool:
    """Reopened, and of the lead's people just this one may not take it: the first answer was his."""
    ours = petition.state == State.REOPENED and permissions.lead_handler(user, petition)
    return ours and not permissions.lead_handler_afresh(user, petition)


def _others(rest: list[type[ActionForm]]) -> list[tuple[str, list[type[ActionForm]]]]:
    """Whatever else is allowed, by heading: each a word that opens its form."""
    groups = [(str(group.label), [form for form in rest if form.group == group]) for group in Group]
    return [(name, forms) for name, forms in groups if forms]


def _kept_back(petition: Petition) -> Withheld | None:
    """That its answer is kept back."""
    return next((one for one in petition.withheld.all() if one.over_at is None), None)


def _objections(petition: Petition) -> list[Objection]:
    """Those that nobody has looked at yet."""
    return [one for one in petition.objections.all() if one.settled_at is None]


def _files(petition: Petition, user: User) -> list[tuple[Attachment, str]]:
    """What hangs on it, as far as this person may open it, each with its name as he may read it."""
    files = sorted(petition.attachments.all(), key=lambda file: file.pk)
    if not permissions.can_see_files(user, petition):
        files = [file for file in files if file.evidence]
    return list(zip(files, file_names_as_seen(files, user), strict=True))


def _colleagues(petition: Petition, user: User) -> list[tuple[ReplyDraft, str]]:
    """What others are typing at, each with its words as this person may read them."""
    return [(row, as_seen(row.text, petition, user)) for row in drafts.of_colleagues(petition, user)]


MOST_KIN = 540  # what may be the same among them: `search.candidates` gives out no more than 500


def _kin(petition: Petition, visible: PetitionQuerySet) -> list[tuple[Any, list[Petition]]]:
    """Petitions that belong to this one, or may be the same; of those that this person may see."""
    above = [pk for pk in (petition.main_id, petition.origin_id) if pk]
    related = Q(pk__in=above) | Q(main=petition) | Q(origin=petition)
    candidates = alike.candidates(petition)
    found = list(visible.filter(related | Q(pk__in=candidates.keys())).order_by("pk")[:MOST_KIN])
    seen = [one for one in found if _is_related(one, petition, above)]
    told = alike.told_same(petition)
    same = list(alike.offered(visible).filter(pk=told.pk)) if told and told not in seen else []
    kin = [
        (_("Đơn chính"), [one for one in seen if one.pk == petition.main_id]),
        (_("Tách ra hoặc đề nghị xem lại từ"), [one for one in seen if one.pk == petition.origin_id]),
        (_("Đã gộp vào đơn này"), [one for one in seen if one.main_id == petition.pk]),
        (_("Phần tách ra, đề nghị xem lại"), [one for one in seen if one.origin_id == petition.pk]),
        (_("Người gửi báo là cùng một việc"), same),
        (
            _("Có thể trùng, cán bộ quyết định"),
            [one for one in alike.likes(petition, candidates, found) if one not in [*seen, *same]],
        ),
    ]
    return [(name, petitions) for name, petitions in kin if petitions]


def _is_related(one: Petition, petition: Petition, above: Collection[int]) -> bool:
    return one.pk in above or petition.pk in (one.main_id, one.origin_id)


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


def _deciding(petition: Petition, user: User) -> list[str]:
    """The words that weighed most; of a hidden sender's those alone that stand in what is shown."""
    words = petition.reading.words if petition.reading else []
    if permissions.can_see_words(user, petition):
        return words
    left = set(fold(masked(petition.text)).split())
    return [word for word in words if left.issuperset(fold(word).split())]


def _point(petition: Petition, user: User) -> dict[str, str] | None:
    """Where the sender's telephone stood: in figures, how far from the commune's centre, and on a map.

    Of a hidden sender to within a hundred metres: it may be his door. Of a denouncer's not at all.
    """
    knows = permissions.can_see_words(user, petition)
    if petition.lat is None or petition.lon is None or (petition.denouncer_sealed and not knows):
        return None
    digits = POINT_DIGITS if knows else VEILED_DIGITS
    at, commune = (round(petition.lat, digits), round(petition.lon, digits)), petition.commune
    spot, far = Spot(*at, digits), distance_km(at, (commune.lat, commune.lon)) if commune else None
    return {
        "figures": spot.figures,
        "far": _("cách trung tâm %(km)s km") % {"km": number(far, 1)} if far is not None else "",
        "map": spot.map,
    }


def _at_law(petition: Petition, now: dt.datetime) -> dict[str, Any]:
    """What a complaint or denunciation is in law, its limits, and until when one may complain again."""
    if not petition.sealed:
        return {}
    limits, bar = register.every(petition, now), register.bar(petition)
    return {"at_law": register.what_it_is(petition), "limits": limits, "bar": bar}


def _contact(petition: Petition, user: User) -> object:
    """Who sent it; of what is sealed nothing stands on the page, it is asked for and the look is kept."""
    shown = not petition.sealed and permissions.can_see_contact(user, petition)
    return getattr(petition, "contact", None) if shown else None


def _looks(petition: Petition, user: User) -> list[Look]:
    """Who looked at the identity of a sealed one: for the officer and whoever watches over him."""
    watches = permissions.petition_officer(user, petition) or user.has_role(Role.SUPERVISOR, Role.AUDITOR)
    looks = Look.objects.at_identity().filter(petition=petition).select_related("user")
    return list(looks[:MOST_LOOKS]) if petition.sealed and watches else []


MOST_LOOKS = 20


@deed(lambda request, code: reverse("feedback:petition", args=[code]))
@never_cache
def identity(request: HttpRequest, code: str) -> HttpResponse:
    """`/xu-ly/<code>/danh-tinh/`: who sent a sealed petition; the look is written before the page is sent."""
    petition, user = _seen_or_404(request, code), _official(request)
    if not petition.sealed or not permissions.can_see_contact(user, petition):
        raise PermissionDenied
    access.kept(user, What.IDENTITY, petition=petition, page="feedback:identity", named=True)
    told = {"petition": petition, "contact": getattr(petition, "contact", None)}
    return render(request, "feedback/identity.html", told | _rail(user, timezone.now(), ""))


@keeps_words
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, code: str, action: str) -> HttpResponse:
    """Take one action; 400 and 409 keep every word that was typed. A GET opens its form."""
    petition = _seen_or_404(request, code)
    if action not in FOR:
        raise Http404
    if request.method != "POST":
        return redirect(f"{petition.get_absolute_url()}?lam={action}")
    user = _official(request)
    form = FOR[action](request.POST, request.FILES, petition=petition, by=user)
    redrawn = form.redrawn()
    if redrawn:
        return _page(request, petition, wanted=redrawn)
    if not form.is_valid():
        return _page(request, petition, wanted=_described(form), status=400)
    seen = seen_on(request)
    if isinstance(form, ReplyForm) and _typed_elsewhere(request, form):
        return _page(request, petition, wanted=ReplyForm(petition=petition, by=form.by), status=409)
    if isinstance(form, ReplyForm) and action in workflow.available(petition, user) and form.warns():
        return _page(request, petition, wanted=_described(form))
    try:
        _perform(form, user, seen)
    except NotNow as refused:
        return _overtaken(request, code, form, refused, seen)
    except ValidationError as error:
        form.blame(error)
        return _page(request, petition, wanted=_described(form), status=400)
    messages.success(request, _("Đã xong: %(what)s.") % {"what": _lowered(str(form.done or form.title))})
    return _onward(request, code)


BOTH = _l(
    "Bạn còn một bản nháp khác, soạn ở cửa sổ hoặc máy khác: cả hai đều được giữ, bản kia nằm dưới ô trả lời."
)


def _typed_elsewhere(request: HttpRequest, form: ReplyForm) -> bool:
    """Whether there is a draft that this page did not show: it would go unread with the answer handed in.

    Then what is typed here is kept beside it first. What may not be drafted now is refused as ever.
    """
    window, user = drafts.Window.told(request.POST), _official(request)
    if not drafts.unseen(form.petition, user, window):
        return False
    try:
        drafts.keep(form.petition, by=user, told=form.cleaned_data, now=timezone.now(), window=window)
    except (NotNow, PermissionDenied, ValidationError):
        return False
    messages.warning(request, _("%(both)s Chưa trình duyệt; xem lại rồi trình.") % {"both": BOTH})
    return True


def _overtaken(
    request: HttpRequest, code: str, form: ActionForm, refused: NotNow, seen: int | None
) -> HttpResponse:
    """Nothing was done: who did what meanwhile, and the form with every word, ready to be sent again."""
    messages.error(request, _("%(why)s Có thể một người khác vừa làm trước bạn.") % {"why": refused})
    petition = _seen_or_404(request, code)
    later = since(petition, seen).select_related("words", "by", "petition") if seen is not None else ()
    kept = _described(form) if form.fields else None
    meanwhile = story.later(later, timezone.now(), by=_official(request))
    return _page(request, petition, wanted=kept, meanwhile=meanwhile, status=409)


def _closed_lead(petition: Petition, now: dt.datetime) -> dict[str, Any] | None:
    """The last day of a lead that is no more, and who goes on with its work; None while it stands."""
    last, today = successions().ended.get(petition.lead_id or ""), timezone.localdate(now)
    if last is None or last >= today:
        return None
    return {"day": last, "heirs": heirs_of(petition.lead_id or "", today)}


def _withhold(request: HttpRequest, petition: Petition, available: list[str]) -> WithholdForm | None:
    """For the reviewer, of what is answered and neither published nor kept back yet."""
    waits = petition.state in (State.ANSWERED, State.CLOSED) and petition.published_at is None
    waits = waits and petition.erased_at is None
    if not waits or "offer_publication" not in available or _kept_back(petition):
        return None
    kept_back = request.resolver_match and request.resolver_match.url_name == "withhold"
    return WithholdForm(request.POST if kept_back else None, auto_id="withhold_%s")


@deed(lambda request, code: reverse("feedback:petition", args=[code]))
def withhold(request: HttpRequest, code: str) -> HttpResponse:
    """`/xu-ly/<code>/khong-dang/`: looked at and not published, with the reason; twice is once."""
    petition, user = _seen_or_404(request, code), _official(request)
    if "offer_publication" not in (available := workflow.available(petition, user)):
        raise PermissionDenied
    form = _withhold(request, petition, available)
    if form is None:
        messages.error(request, _("Đơn này đã được đăng hoặc đã được giữ lại."))
        return _onward(request, code)
    if not form.is_valid():
        return _page(request, petition, status=400)
    with transaction.atomic():
        told = "" if locked(petition.pk).erased_at else form.cleaned_data["reason"]
        Withheld.objects.get_or_create(
            petition=petition, over_at=None, defaults={"by": user, "at": timezone.now(), "reason": told}
        )
    messages.success(request, _("Đã giữ lại, không đăng."))
    return _onward(request, code)


def _lowered(title: str) -> str:
    """As it stands inside a sentence."""
    return title[:1].lower() + title[1:]


def _described(form: ActionForm) -> ActionForm:
    form.describe()
    return form


def _perform(form: ActionForm, user: User, seen: int | None) -> None:
    told = form.told()
    if told.get("main") and not Petition.objects.visible_to(user).filter(code=told["main"]).exists():
        raise ValidationError(
            {"main": _("Không có đơn nào mang mã này.")}
        )  # nor one that is not this person's
    files = told.pop("files", [])
    enclosures.take(form.petition, form.action, by=user, files=files, proof=form.proves, seen=seen, **told)


def _onward(request: HttpRequest, code: str) -> HttpResponse:
    """Back to the petition, or to its list when it went out of this person's sight."""
    whence = inbox.whence(request.POST.get("tu", ""), _official(request))
    if Petition.objects.visible_to(request.user).filter(code=code).exists():
        told = f"?{urlencode({'tu': str(whence)})}" if whence else ""
        return redirect(f"{reverse('feedback:petition', args=[code])}{told}")
    return _to_list(whence.drawer.slug if whence else "")


def _to_list(slug: str, after: str = "") -> HttpResponse:
    told = {"xem": slug, "sau": after}
    asked = urlencode({name: value for name, value in told.items() if value})
    return redirect(f"{reverse('feedback:desk')}{'?' if asked else ''}{asked}")


@deed(lambda request, code: reverse("feedback:petition", args=[code]))
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """`/xu-ly/<code>/nhap/`: keep what is typed so far; a script reads JSON, anyone else comes back to it."""
    petition, user, now = _seen_or_404(request, code), _official(request), timezone.now()
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
        return _page(request, petition, wanted=_described(form), status=400)
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
    if unseen:
        messages.warning(request, f"{said} {BOTH}")
    else:
        messages.success(request, said)
    return _onward(request, code)


@deed(lambda request, code: reverse("feedback:petition", args=[code]))
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """The focal point's one click on a candidate: receive with its field and assign, both or neither."""
    petition = _seen_or_404(request, code)
    user = _official(request)
    wanted = request.POST.get("subfield")  # two candidates may lead to the same agency
    route = next((route for route in routes_of(petition) if route["subfield"] == wanted), None)
    if route is None or petition.kind in NEVER_ONE_CLICK or _asks_who(petition):
        raise Http404
    try:
        with transaction.atomic():
            seen = seen_on(request)
            if petition.state == State.SUBMITTED:
                take(petition, "receive", by=user, seen=seen, subfield=route["subfield"])
                seen = None  # the step just taken is one's own
            take(petition, "assign", by=user, seen=seen, agency=route["agency"])
    except NotNow as refused:
        messages.error(request, _("%(why)s Có thể một người khác vừa làm trước bạn.") % {"why": refused})
        return _onward(request, code)
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
        return _onward(request, code)
    messages.success(request, _handed_on(petition, str(route["name"])))
    whence = inbox.whence(request.POST.get("tu", ""), user)
    if whence and "sau" not in request.POST:  # chosen on the petition's own page: the next is one key away
        return _onward(request, code)
    return _to_list(whence.drawer.slug if whence else "", request.POST.get("sau", ""))


def _handed_on(petition: Petition, agency: str) -> str:
    """What one key did, and the way to mend a slip: a step of its own, for nothing is undone unseen."""
    said = _("Đã chuyển %(code)s đến %(agency)s.") % {"code": petition, "agency": agency}
    mends = f"{reverse('feedback:petition', args=[petition.code])}?lam=transfer"
    return format_html('{} <a href="{}">{}</a>', said, mends, _("Nhầm nơi? Chuyển lại"))
