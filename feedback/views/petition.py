"""`/xu-ly/<code>/`: one petition as an official reads it, and the forms of what he may do with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Role, User
from classifier import officials
from classifier.text import fold
from feedback import (
    access,
    alike,
    drafts,
    earlier,
    emptiness,
    inbox,
    matters,
    pakn,
    papers,
    permissions,
    reach,
    register,
    story,
    watch,
    whole,
    workflow,
)
from feedback.access import What
from feedback.facts import Criterion, Ground
from feedback.forms.action import ActionForm, Group, Words
from feedback.forms.choices import lacking_a_place
from feedback.forms.desk import FOR
from feedback.forms.objecting import LeaveForm, last_of, waiting
from feedback.forms.publishing import WithholdForm
from feedback.hands import hands
from feedback.later_words import is_apart, told_by_petitioner
from feedback.maps import Spot
from feedback.models import Attachment, Look, Petition, PetitionQuerySet, ReplyDraft, Withheld
from feedback.models.sight import asked_of
from feedback.public import why_look_again
from feedback.public.copies import POINT_DIGITS
from feedback.redaction import as_seen, file_names_as_seen, masked, place_as_seen
from feedback.timing import timing
from feedback.views import queue
from feedback.views.deeds import deed, numbered
from feedback.views.picks import asks_who_first, may_give, may_pick, picks
from feedback.views.rail import official, rail
from feedback.why import reason_of, why_in_full
from feedback.workflow import PUBLISH_FROM, Kind, PaknClass, State
from feedback.workflow.conditions import proposed
from feedback.workflow.states import REFUSABLE
from routing.assignment import heirs_of
from routing.kept import every_subfield
from routing.places import distance_km
from routing.succession import successions
from routing.telling import number, percent

EXACT_DIGITS = 5  # of a degree: a metre
MOST_LOOKS = 20  # at an identity, shown


@login_required
@require_safe
@never_cache
def petition(request: HttpRequest, code: str) -> HttpResponse:
    """`/xu-ly/<code>/`; `?lam=<action>` opens that action's form first and does nothing yet."""
    petition = _whole_or_404(request, code)
    wanted, user = request.GET.get("lam", ""), official(request)
    allowed = workflow.available(petition, user) if wanted in FOR else []
    form = FOR[wanted](petition=petition, by=user) if wanted in allowed else None
    return petition_page(request, petition, wanted=form)


# Reference rows are kept in memory.
RELATED = ("contact", "main", "origin")


def seen_or_404(request: HttpRequest, code: str) -> Petition:
    seen = numbered(Petition.objects.visible_to(request.user))
    return get_object_or_404(seen.select_related(*RELATED), code=code)


def _whole_or_404(request: HttpRequest, code: str) -> Petition:
    """The same with all that its page tells; what is done meanwhile is not in it."""
    user = official(request)
    asked = asked_of(user) if whole.asks_first(user) else None
    petitions = Petition.objects
    visible = petitions.visible_to(user) if asked is None else petitions.visible_now(user, asked)
    seen = numbered(whole.with_all(visible, user))
    found = get_object_or_404(seen.select_related(*RELATED, "public"), code=code)
    whole.unpack(found, user)
    found.asked_on = asked
    return found


def petition_page(
    request: HttpRequest,
    petition: Petition,
    *,
    wanted: ActionForm | None = None,
    meanwhile: Iterable[story.Event] = (),
    status: int = 200,
) -> HttpResponse:
    """The petition; `wanted` is the form that stands first: asked for, or not gone through."""
    user, now = official(request), timezone.now()
    available, contact = workflow.available(petition, user), _contact(petition, user)
    access.kept(user, What.PETITION, petition=petition, page="feedback:petition", named=contact is not None)
    whence = inbox.whence(request.POST.get("tu") or request.GET.get("tu", ""), user)
    current = whence.drawer.slug if whence else ""
    asked = _asked_on(petition, user)
    seen = Petition.objects.visible_now(user, asked)
    told = {
        "petition": petition,
        "contact": contact,
        "meanwhile": meanwhile,
        "steps": story.to_officials(petition, now, by=user),
        "kin": _kin(petition, seen),
        **_earlier(petition, user),
        **_what_it_says(petition, user),
        **_where_it_stands(petition, user, now),
        **_at_law(petition, now),
        **_who_was_told(petition, user),
        **_forms(petition, user, available, wanted),
        **_picking(petition, user),
        **_answer(petition, user, available),
        **_publication(request, petition, available),
        "papers": papers.offered(petition, user, now),
        "whence": whence,
        **rail(user, now, current, inbox.tally(user, now, asked, current=current), whole=current),
    }
    return render(request, "feedback/petition.html", told, status=status)


def _earlier(petition: Petition, user: User) -> dict[str, Any]:
    """What it appeals against, each kept as a look at it; and whether its judge may not read all of that."""
    if not petition.origin_id:
        return {}
    told = earlier.told(petition, user)
    for one in told:
        access.kept_by_appeal(user, What.PETITION, one.petition, appeal=petition, page="feedback:petition")
    return {"earlier": told, "earlier_kept": earlier.is_kept(petition, user, told)}


def _what_it_says(petition: Petition, user: User) -> dict[str, Any]:
    """Words, place and files as this person reads them, and what the machine made of them."""
    text = as_seen(petition.text, petition, user)
    return {
        "told_text": text,
        "veiled": text != petition.text,
        "place_text": place_as_seen(petition, user),
        "point": _point(petition, user),
        "files": _files(petition, user),
        "keeps_files": petition.letter_sealed and permissions.can_see_files(user, petition),
        "kept_files": _is_told_of_kept_files(petition, user),
        "guesses": _guesses(petition),
        "deciding": _deciding(petition, user),
    }


def _is_told_of_kept_files(petition: Petition, user: User) -> bool:
    """He may not open what the sender enclosed, and knows of the denunciation for which that is so."""
    if not petition.letter_sealed or permissions.can_see_files(user, petition):
        return False
    if petition.denouncer_sealed:
        return True
    enclosed = any(not file.evidence for file in petition.attachments.all())
    return enclosed and petition.descendants().filter(sealed=True).visible_to(user).exists()


def _where_it_stands(petition: Petition, user: User, now: dt.datetime) -> dict[str, Any]:
    """Whose it is and why, by when, and who helps."""
    report = petition.report_due_on
    return {
        "unreached": reach.said(petition),
        "reason": reason_of(petition, user),
        "why": why_in_full(petition, now),
        "report_late": report is not None and report < timezone.localdate(now),
        "closed_lead": _closed_lead(petition, now),
        "clock": timing(petition, now, why=True),
        "asked": petition.coordinations.all(),
        "pakn_class": dict(PaknClass.choices).get(pakn.class_of(petition), ""),
    }


def _who_was_told(petition: Petition, user: User) -> dict[str, Any]:
    """For whoever watches: who heard of it and had it in hand; who looked at a sealed sender."""
    watches = user.has_role(*permissions.SEES_BOARD)
    return {
        "told": watch.told(petition) if watches else (),
        "hands": hands(petition, user) if watches and petition.hops > 1 else (),
        "may_look": petition.identity_sealed and permissions.can_see_contact(user, petition),
        "looks": _looks(petition, user),
    }


def _forms(petition: Petition, user: User, available: list[str], wanted: ActionForm | None) -> dict[str, Any]:
    """What this person may do: what it waits for stands open, all else is a word that opens its form."""
    allowed = [form for name, form in FOR.items() if name in available and not form.asked_apart]
    leading = [form for form in allowed if form.leads(petition)]
    return {
        "wanted": wanted,
        "acts": _acts(petition, user, leading, wanted),
        "another_takes": _waits_for_another(petition, user),
        "second_person": _waits_for_second(petition, user, available),
        "others": _others(petition, [form for form in allowed if form not in leading]),
        "doubt": DOUBT if "clear_doubt" in available else (),
        "several": _several(petition, user, available) if wanted is None else None,
        "may_split": "split" in available,
    }


def _several(petition: Petition, user: User, available: list[str]) -> matters.Several | None:
    """For whoever may split it, and whoever has it and should know that it is not all his."""
    if "split" not in available and not permissions.lead_handler(user, petition):
        return None
    return matters.left_to_split(petition, as_seen(petition.text, petition, user))


# What it may be after all, each a button that seals it.
DOUBT = (
    (Kind.COMPLAINT.value, _l("Là khiếu nại: niêm phong")),
    (Kind.DENUNCIATION.value, _l("Là tố cáo: niêm phong")),
)


def _picking(petition: Petition, user: User) -> dict[str, Any]:
    """For whoever gives it on: the machine's candidates, and what speaks against a click."""
    picked, offered = may_pick(petition, user), picks(petition, user)
    return {
        "picks": offered,
        "pick_buttons": queue.buttons(offered),
        "unplaced": lacking_a_place(petition) if picked else (),
        "officials": officials(told_by_petitioner(petition)) if picked else (),
        "asks_who": picked and asks_who_first(petition),
        "apart": may_give(petition, user) and is_apart(petition),
    }


def _answer(petition: Petition, user: User, available: list[str]) -> dict[str, Any]:
    """The last answer as this person reads it, and what others are typing at."""
    reply = petition.last_reply
    criteria = reply.drafted.facts.get("criteria", ()) if reply else ()
    return {
        "reply": reply,
        "reply_text": as_seen(reply.text, petition, user) if reply else "",
        "reply_evidence": as_seen(reply.evidence, petition, user) if reply else "",
        "reply_files": petition.enclosed_with(reply),
        "reply_warns": emptiness.of_reply(petition, reply) if reply and "approve" in available else (),
        "criteria": [Criterion(one).label for one in criteria],
        "colleagues": _colleagues(petition, user) if "draft_reply" in available else (),
    }


def _publication(request: HttpRequest, petition: Petition, available: list[str]) -> dict[str, Any]:
    """For the reviewer: what asks to look again, what was objected to, and that it is kept back."""
    return {
        "look_again": why_look_again(petition) if "publish" in available else (),
        "may_mend": "publish" in available,
        "awaits_doubt": _awaits_doubt(petition, official(request)),
        "objections": (said := waiting(petition) if "unpublish" in available else []),
        "leave": LeaveForm(auto_id="leave_%s", initial={"shown": last_of(said)}),
        "withheld": _kept_back(petition),
        "withhold": withhold_form(request, petition, available),
    }


def _awaits_doubt(petition: Petition, user: User) -> str:
    """What a reviewer may not publish yet, and why, in words that tell an agency nothing; "" where it is not
    so."""
    is_public = petition.published_at is not None
    if not (is_public or petition.state in PUBLISH_FROM) or not permissions.reviewer(user, petition):
        return ""
    doubted = [one for one in (petition, *petition.doubted_parts()) if one.law_doubt_at]
    if not doubted:
        return ""
    if permissions.bodies_of(user) & {one.lead_id for one in doubted}:
        return str(PUBLIC_UNTOLD if is_public else NOT_YET_UNTOLD)
    what = _("đơn này") if petition.law_doubt_at else _("một phần của đơn")
    return (PUBLIC if is_public else NOT_YET) % {"what": what}


NOT_YET_UNTOLD = _l("Chưa đăng công khai được: chưa xem xong.")
PUBLIC_UNTOLD = _l("Bản đang công khai lúc này chỉ được che thêm hoặc gỡ xuống: chưa xem xong.")
NOT_YET = _l(
    "Chưa đăng công khai được: máy ngờ %(what)s có thể là khiếu nại hoặc tố cáo, đầu mối tiếp nhận hoặc "
    "cán bộ xử lý đơn chưa trả lời."
)
PUBLIC = _l(
    "Bản đang công khai lúc này chỉ được che thêm hoặc gỡ xuống: máy ngờ %(what)s có thể là khiếu nại hoặc "
    "tố cáo, đầu mối tiếp nhận hoặc cán bộ xử lý đơn chưa trả lời."
)


def _asked_on(petition: Petition, user: User) -> Collection[int]:
    """The petitions on which he is to help, asked anew where neither before this page nor with it."""
    if "asked" in petition.told_along:
        return [one.petition_id for one in petition.told_along["asked"]]
    return asked_of(user) if petition.asked_on is None else petition.asked_on


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


def _waits_for_second(petition: Petition, user: User, available: list[str]) -> str:
    """What was proposed and another has to decide, for whoever of those who might refuse is not he."""
    waits = petition.state in REFUSABLE and proposed(petition)
    if not waits or "confirm_refusal" in available or not user.has_role(*permissions.WATCHING):
        return ""
    said = YOU_PROPOSED if petition.proposed_by_id == user.pk else HAS_BEEN_PROPOSED
    return said % {"ground": Ground(petition.proposed_ground).label.lower()}


YOU_PROPOSED = _l("Bạn đã đề nghị không tiếp nhận: %(ground)s.")
HAS_BEEN_PROPOSED = _l("Đã có đề nghị không tiếp nhận: %(ground)s.")


def _others(
    petition: Petition, rest: list[type[ActionForm]]
) -> list[tuple[str, list[tuple[type[ActionForm], Words]]]]:
    """Whatever else is allowed, by heading: each a word that opens its form."""
    named = [(form, form.called(petition)) for form in rest]
    groups = [(str(group.label), [one for one in named if one[0].group == group]) for group in Group]
    return [(name, forms) for name, forms in groups if forms]


def _kept_back(petition: Petition) -> Withheld | None:
    """That its answer is kept back."""
    return next((one for one in petition.withheld.all() if one.over_at is None), None)


def _files(petition: Petition, user: User) -> list[tuple[Attachment, str]]:
    """What hangs on it, as far as this person may open it, each with its name as he may read it."""
    files = sorted(petition.attachments.all(), key=lambda file: file.pk)
    if not permissions.can_see_files(user, petition):
        files = [file for file in files if file.evidence]
    return list(zip(files, file_names_as_seen(files, user), strict=True))


def _colleagues(petition: Petition, user: User) -> list[tuple[ReplyDraft, str]]:
    """What others are typing at, each with its words as this person may read them."""
    return [(row, as_seen(row.text, petition, user)) for row in drafts.of_colleagues(petition, user)]


# What is told of them, and by what they are told apart.
KIN = ("code", "state", "sealed", "text", "main", "origin", "born_by")
MOST_KIN = 540  # what may be the same among them: `search.candidates` gives out no more than 500


def _kin(petition: Petition, visible: PetitionQuerySet) -> list[tuple[Any, list[Petition]]]:
    """Petitions that belong to this one, or may be the same; of those that this person may see."""
    above = [pk for pk in (petition.main_id, petition.origin_id) if pk]
    related = Q(pk__in=above) | Q(main=petition) | Q(origin=petition)
    candidates = alike.candidates(petition)
    # By their numbers first: SQLite would rather read all that the lead has.
    near = Petition.objects.filter(related | Q(pk__in=_evenly_many(candidates))).order_by().values("pk")
    rows = visible.filter(pk__in=near).only(*KIN)
    found = list(rows.order_by("pk")[:MOST_KIN])
    seen = [one for one in found if _is_related(one, petition, above)]
    born = [one for one in seen if one.origin_id == petition.pk]
    told = alike.told_same(petition)
    same = list(alike.offered(visible).filter(pk=told.pk)) if told and told not in seen else []
    kin = [
        (_("Đơn chính"), [one for one in seen if one.pk == petition.main_id]),
        (
            _("Đề nghị xem lại đơn") if petition.is_appeal else _("Tách ra từ"),
            [one for one in seen if one.pk == petition.origin_id],
        ),
        (_("Đã gộp vào đơn này"), [one for one in seen if one.main_id == petition.pk]),
        (_("Phần tách ra"), [one for one in born if not one.is_appeal]),
        (_("Đơn đề nghị xem lại"), [one for one in born if one.is_appeal]),
        (_("Người gửi báo là cùng một việc"), same),
        (
            _("Có thể trùng, cán bộ quyết định"),
            [one for one in alike.likes(petition, candidates, found) if one not in [*seen, *same]],
        ),
    ]
    return [(name, petitions) for name, petitions in kin if petitions]


def _evenly_many(numbers: Collection[int]) -> list[int]:
    """These and some that no petition bears: a database keeps its plan for as many again."""
    return [*numbers, *range(-1, len(numbers) - (1 << len(numbers).bit_length()) - 1, -1)]


def _is_related(one: Petition, petition: Petition, above: Collection[int]) -> bool:
    return one.pk in above or petition.pk in (one.main_id, one.origin_id)


def _guesses(petition: Petition) -> list[dict[str, Any]]:
    """The best three sub-fields with the machine's probability in per cent."""
    if petition.reading is None:
        return []
    known = every_subfield()
    return [
        {"name": str(known.get(guess["subfield"], guess["subfield"])), "share": share, "told": percent(share)}
        for guess in petition.reading.candidates
        for share in [round(guess["p"] * 100)]
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
    digits = EXACT_DIGITS if knows else POINT_DIGITS
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
    """Who sent it; where he is sealed nothing stands on the page, it is asked for and the look is kept."""
    shown = not petition.identity_sealed and permissions.can_see_contact(user, petition)
    return petition.sender if shown else None


def _looks(petition: Petition, user: User) -> list[Look]:
    """Who looked at the identity of a sealed one: for the officer and whoever watches over him."""
    watches = permissions.petition_officer(user, petition) or user.has_role(Role.SUPERVISOR, Role.AUDITOR)
    looks = Look.objects.at_identity().filter(petition=petition).select_related("user")
    return list(looks[:MOST_LOOKS]) if petition.identity_sealed and watches else []


@deed(lambda request, code: reverse("feedback:petition", args=[code]))
@never_cache
def identity(request: HttpRequest, code: str) -> HttpResponse:
    """`/xu-ly/<code>/danh-tinh/`: who sent it, where he is sealed; the look is kept before it is shown."""
    petition, user = seen_or_404(request, code), official(request)
    if not petition.identity_sealed or not permissions.can_see_contact(user, petition):
        raise PermissionDenied
    access.kept(user, What.IDENTITY, petition=petition, page="feedback:identity", named=True)
    told = {"petition": petition, "contact": petition.sender}
    return render(request, "feedback/identity.html", told | rail(user, timezone.now(), ""))


def _closed_lead(petition: Petition, now: dt.datetime) -> dict[str, Any] | None:
    """The last day of a lead that is no more, and who goes on with its work; None while it stands."""
    last, today = successions().ended.get(petition.lead_id or ""), timezone.localdate(now)
    if last is None or last >= today:
        return None
    return {"day": last, "heirs": heirs_of(petition.lead_id or "", today)}


def withhold_form(request: HttpRequest, petition: Petition, available: list[str]) -> WithholdForm | None:
    """For the reviewer, of what is answered and neither published nor kept back yet."""
    waits = petition.state in (State.ANSWERED, State.CLOSED) and petition.published_at is None
    waits = waits and petition.erased_at is None
    if not waits or "offer_publication" not in available or _kept_back(petition):
        return None
    kept_back = request.resolver_match and request.resolver_match.url_name == "withhold"
    return WithholdForm(request.POST if kept_back else None, auto_id="withhold_%s")
