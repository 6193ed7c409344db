"""The one door: `take` checks, changes and records; what follows is told by rows once it is committed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django_fsm import TransitionNotAllowed

from feedback import (
    anchors,
    clock_moves,
    clocks,
    codes,
    contacts,
    emptiness,
    facts,
    followups,
    public,
    retention,
    workflow,
)
from feedback.accused import accused_of, barred_by, receiver, watching, who_leads_instead
from feedback.consequences import (
    CONSEQUENCES,
    Consequence,
    exclude_accused_of,
    exclude_who_answered,
    shut_out,
)
from feedback.later_words import is_apart
from feedback.locking import hold_kin, locked
from feedback.models import Contact, Petition, Step, StepText
from feedback.moving import Move
from feedback.permissions import (
    SYSTEM,
    WATCHING,
    Actor,
    System,
    focal_point,
    is_asked_about_doubt,
    petition_officer,
    supervisor,
)
from feedback.record import record
from feedback.workflow import Kind, State
from routing.assignment import Against
from routing.calendar import DeadlineError
from routing.kept import one_version
from routing.telling import local_day

__all__ = ["NotNow", "Overtaken", "not_now", "record_first", "right_now", "take", "take_held"]


class NotNow(TransitionNotAllowed):
    """The state, or a condition of time and number, does not let the action happen."""


class Overtaken(NotNow):
    """Others acted since this person looked; `since` is the number of the last step he saw."""

    def __init__(self, since: int) -> None:
        super().__init__(_("Trong lúc bạn làm, đơn này đã có bước mới; chưa có gì được ghi."))
        self.since = since


def take(
    petition: Petition,
    action: str,
    *,
    by: Actor,
    now: dt.datetime | None = None,
    note: str = "",
    seen: int | None = None,
    to_doubt: bool = False,
    enclosed: Sequence[str] = (),
    **told: Any,
) -> Step:
    """Take one action on one petition and give back its Step (`step.petition` is the row as it is now).

    `seen` is the number of the last step that the actor has read: with later ones nothing is done and
    Overtaken says so. `to_doubt`: it answers a doubt, so that another's answer is one of these. `enclosed`:
    the SHA-256 of each file that comes with it.

    Raises, in this order: NotNow (state, or a condition of time and number), PermissionDenied (person),
    ValidationError (an unknown action, a missing or wrong fact: one Vietnamese sentence per fact name; a
    year whose days off nobody has entered: one sentence with the cure).
    """
    if action == "approve":
        emptiness.get_ready()
    try:
        return _take(
            petition,
            action,
            by=by,
            now=now,
            note=note,
            seen=seen,
            to_doubt=to_doubt,
            enclosed=enclosed,
            told=told,
        )
    except DeadlineError as unknown:
        raise ValidationError(str(unknown)) from None


def _take(
    petition: Petition,
    action: str,
    *,
    by: Actor,
    now: dt.datetime | None,
    note: str,
    seen: int | None,
    to_doubt: bool,
    enclosed: Sequence[str],
    told: dict[str, Any],
) -> Step:
    with transaction.atomic(), one_version():
        if action in TOUCHES_OTHERS or told.get("against"):
            hold_kin(petition, _main_code(told) if action == "merge" else "")
        fresh = locked(petition.pk)
        if seen is not None and since(fresh, seen, answered_by=by if to_doubt else None).exists():
            raise Overtaken(seen)
        # Time does not run backwards on one petition, whatever this machine's clock does.
        moment = now or max(timezone.now(), fresh.last_step().at)
        return take_held(fresh, action, by=by, now=moment, note=note, told=told, enclosed=enclosed)


def since(petition: Petition, seen: int, *, answered_by: Actor | None = None) -> QuerySet[Step]:
    """The steps after number `seen` that anybody has to know of before acting: not the clock's own.

    `answered_by`: whoever answers a doubt; if he may, another's answer to it is one of them.
    """
    answers = answered_by is not None and is_asked_about_doubt(answered_by, petition)
    unsaid = ["escalate", "recount", *(() if answers else workflow.QUIET)]
    return petition.steps.filter(seq__gt=seen).exclude(action__in=unsaid).order_by("seq")


def take_held(
    fresh: Petition,
    action: str,
    *,
    by: Actor,
    now: dt.datetime,
    told: dict[str, Any],
    note: str = "",
    saves: bool = True,
    enclosed: Sequence[str] = (),
) -> Step:
    """`take` for whoever read the row by `locked` in this very transaction; his changes are saved with it.

    `saves=False`: he takes more steps in the same transaction and saves the row once after the last.
    Raises as `take` does.
    """
    now = anchors.not_before(now)
    row = workflow.ACTIONS.get(action)
    if row is None:
        raise ValidationError({"action": _("Không có thao tác “%(action)s”.") % {"action": action}})
    main = _main_of(told, by) if action == "merge" else None
    if main and not _may_lead_to(main, fresh):
        raise not_now(fresh)
    right = right_now(fresh, row, by=by, now=now)
    if main and not row.right_of(by, main):
        raise _not_yours()
    if main and not clocks.hold_as_much(main, fresh, now):
        raise ValidationError(
            {"main": _("Đơn chính đang dừng hoặc có hạn muộn hơn đơn này: xin gộp theo chiều ngược lại.")}
        )
    if main:
        told["main"] = main
    if not isinstance(by, System):
        told = {name: value for name, value in told.items() if name not in facts.OF_THE_SYSTEM}
    told = told | ({"note": note} if note else {})
    today = timezone.localdate(now)
    cleaned = facts.clean(action, told, petition=fresh, today=today)
    against = Against(**cleaned["against"]) if cleaned.get("against") else None
    if not isinstance(by, System) and cleaned.get("agency"):
        Move(action, fresh, today, against).refuse(cleaned["agency"])
    if cleaned.get("contact_alone") and not contacts.may_mend(by, fresh):
        raise _not_yours()
    if not cleaned.get("contact"):
        cleaned.pop("contact_alone", None)  # then these are the sender's words
    if cleaned.get("contact"):
        cleaned["contact"] = contacts.checked(cleaned["contact"], fresh, by=by)
    if against:
        _refuse_to_blind(fresh, against, by)
    if action in ("publish", "offer_publication"):
        cleaned = public.with_answer(fresh, cleaned | _emptied(told), publishes=action == "publish")
    if action == "erase" and not isinstance(by, System):
        cleaned["rule"] = retention.true_of(cleaned["rule"], fresh, now)
    if action == "approve":
        cleaned |= emptiness.fact(fresh, now)
    told = _with_files(cleaned, enclosed)
    return _perform(fresh, action, by=by, right=right, now=now, told=told, saves=saves)


def _emptied(told: Mapping[str, Any]) -> dict[str, str]:
    """Nothing of the answer is public where no letter and no figure was left in its box."""
    typed = told.get("public_answer")
    return {} if typed is None or any(map(str.isalnum, str(typed))) else {"public_answer": ""}


OF_THOSE_WHO_WATCH = _l(
    "Bên bị phản ánh này là cấp trên hoặc nơi theo dõi đơn: xin để đầu mối tiếp nhận, cán bộ xử lý đơn "
    "hoặc người giám sát ghi."
)


def _refuse_to_blind(petition: Petition, against: Against, by: Actor) -> None:
    """Whoever handles it takes it out of the sight of nobody who watches him: those name them themselves."""
    watches = any(right(by, petition) for right in (focal_point, petition_officer, supervisor))
    if not watches and barred_by(against, petition) & watching(petition):
        raise ValidationError({"against": OF_THOSE_WHO_WATCH})


def _with_files(told: Mapping[str, Any], enclosed: Sequence[str]) -> dict[str, Any]:
    """Among the words, which are erased with the files: a digest tells who knows a file that it was sent."""
    return {**told, "files": list(enclosed)} if enclosed else dict(told)


def right_now(fresh: Petition, row: workflow.Action, *, by: Actor, now: dt.datetime) -> str:
    """The right by which this actor may act; raises NotNow (state, time, number) before PermissionDenied."""
    if not workflow.can_take(fresh, row.name, now=now):
        raise not_now(fresh)
    right = row.right_of(by, fresh)
    if not right:
        raise not_now(fresh) if row.is_used_up(by, fresh) else _not_yours()
    return right


def record_first(
    petition: Petition, *, by: Actor, now: dt.datetime, enclosed: Sequence[str] = (), apart: bool = False
) -> Step:
    """The submit step of a petition that is not in the database yet; `enclosed` as for `take`.

    `apart`: its sender kept it apart from another petition, so that a person gives it on.
    """
    now = anchors.not_before(now)
    petition.begin_chain()
    told = facts.clean("submit", {"text": petition.text}, today=timezone.localdate(now))
    right = workflow.ACTIONS["submit"].right_of(by, petition) or "system"
    # The petition keeps the text exactly as sent; so does the step.
    told |= {"text": petition.text} | ({"apart": True} if apart else {})
    told = _with_files(told, enclosed)
    return _perform(petition, "submit", by=by, right=right, now=now, told=told)


def not_now(petition: Petition) -> NotNow:
    """What `take` raises where state, time or number forbid it; gives it back, raises nothing."""
    refused: NotNow = NotNow(
        _("Không thể làm việc này khi đơn đang ở trạng thái “%(state)s” hoặc đã hết hạn, hết lượt.")
        % {"state": petition.get_state_display()}
    )
    return refused


def _not_yours() -> PermissionDenied:
    return PermissionDenied(_("Bạn không có quyền làm việc này."))


def _main_code(told: Mapping[str, Any]) -> str:
    return codes.clean_code(str(told.get("main") or ""))


def _main_of(told: Mapping[str, Any], by: Actor) -> Petition | None:
    """The petition that a merge leads to; None, a missing need, where its code is missing or unknown.

    What this person may not see is unknown to him: its state and its right would tell that it is there.
    Locked, so that it is still open when the merge is committed.
    """
    seen = Petition.objects.all() if isinstance(by, System) else Petition.objects.visible_to(by)
    found = seen.filter(code=_main_code(told)).first()
    return locked(found.pk) if found else None


def _may_lead_to(main: Petition, petition: Petition) -> bool:
    """The main one is open, stands on its own, neither is sealed, and both shut out the same bodies.

    Else whoever is complained about in one would answer it by the other.
    """
    open_alone = main.state in workflow.OPEN and main.main_id is None
    alike = main.excluded_agencies() == petition.excluded_agencies()
    return open_alone and alike and not main.sealed and main.pk != petition.pk


def _perform(
    petition: Petition,
    action: str,
    *,
    by: Actor,
    right: str,
    now: dt.datetime,
    told: Mapping[str, Any],
    saves: bool = True,
) -> Step:
    before, was_public = petition.state, petition.published_at is not None
    stood = (petition.state, petition.lead_id)
    getattr(petition, action)(by=by, right=right, now=now, **told)
    if (petition.state, petition.lead_id) != stood:
        petition.stands_since = now
    if action not in workflow.KEEPS_PROPOSAL:
        petition.proposed_ground, petition.proposed_by_id = "", None
    if petition.pk:
        clock_moves.move(petition, action, before, by, now)
    if saves:
        petition.save_changes()
    step = record(petition, action, before, by, right, now, told)
    for consequence in (*CONSEQUENCES.get(action, ()), *KINSHIP.get(action, ())):
        consequence(step, dict(told))
    if was_public:
        public.follow(step)
    followups.plan(step)
    return step


# --- petitions that come of petitions -------------------------------------------------------------------


def _split(step: Step, told: dict[str, Any]) -> None:
    """One new petition a part; one secret opens them all, and whoever was shut out stays so."""
    whole = step.petition
    for text in told["texts"]:
        first = _bear(step, text)
        shut_out(first.petition, whole.excluded_agencies())
        if whole.refused_by:
            first.petition.refused_by = whole.refused_by
            first.petition.save(update_fields=["refused_by"])
        _lift_from_accused(first, {})


def _appeal(step: Step, told: dict[str, Any]) -> None:
    """It is about the same matter and place. Another body than the one that answered looks at it, another
    two than those who refused it, and whoever was shut out stays so."""
    parent = step.petition
    first = _bear(step, told["text"], **{name: getattr(parent, name) for name in OF_AN_APPEAL})
    born = first.petition
    shut_out(born, parent.excluded_agencies())
    if parent.sealed:
        _stay_at_law(born, parent, step)
    exclude_who_answered(parent, born, step)
    exclude_accused_of(parent, born, step)
    _lift_from_accused(first, {})


def _stay_at_law(born: Petition, parent: Petition, step: Step) -> None:
    """A second complaint, or a denunciation told again, is as sealed as the first; a complaint that was
    decided comes to its second instance (Luật Khiếu nại 2011, Điều 7, 33)."""
    decided = parent.kind == Kind.COMPLAINT and parent.state != State.REJECTED
    born.instance = 2 if decided else parent.instance
    take_held(born, "seal", by=SYSTEM, now=step.at, told={"kind": parent.kind})


def _bear(step: Step, text: str, **inherited: Any) -> Step:
    """The first step of the same sender's new petition about a part of the matter, or against its answer."""
    parent = step.petition
    code = codes.new_code()
    born = Petition(
        code=code,
        # Nobody knows this secret: whoever holds the parent's has the right to its descendants.
        secret_hash=codes.hash_secret(code, codes.new_secret()),
        text=text,
        origin=parent,
        born_by=step.action,
        lead_id=parent.focal_point_id,
        submitted_at=step.at,
        **{name: getattr(parent, name) for name in INHERITED},
        **inherited,
    )
    first = record_first(born, by=step.by or SYSTEM, now=step.at, apart=is_apart(parent))
    contact = Contact.objects.filter(petition=parent).first()
    if contact:
        contact.pk, contact.petition = None, born
        contact.secret = contact.secret or parent.denouncer_sealed
        contact.save(force_insert=True)
    return first


INHERITED = (
    *("channel", "territory_id", "petitioner_id", "entered_by_id", "party"),
    *("picked_commune_id", "place_text", "lat", "lon"),
)
OF_AN_APPEAL = ("subfield_id", "commune_id", "province_id", "place_basis", "refused_by")


def _promote(step: Step, told: dict[str, Any]) -> None:
    """When a main petition goes, the oldest of its merged ones takes its place, the others follow it."""
    heirs = list(step.petition.merged.order_by("submitted_at", "pk"))
    if not heirs:
        return
    take(heirs[0], "unmerge", by=SYSTEM, now=step.at)
    Petition.objects.filter(pk__in=[heir.pk for heir in heirs[1:]]).update(main=heirs[0])


def _promote_unanswered(step: Step, told: dict[str, Any]) -> None:
    """Closed because its own sender was silent: whoever was merged into it still waits for an answer."""
    if step.before != workflow.State.ANSWERED:
        _promote(step, told)


def _take_along(step: Step, told: dict[str, Any]) -> None:
    """What was merged into this one follows it to its main."""
    step.petition.merged.update(main=told["main"])


def _erase_family(step: Step, told: dict[str, Any]) -> None:
    """Who asks to be forgotten is forgotten whole: parts and appeals hold one another's words.

    A rule of time takes each petition in its own time: what is still open keeps its text.
    """
    if told["rule"] != facts.ON_REQUEST:
        return
    asked = {name: told[name] for name in ("request_number", "requested_on") if name in told}
    for one in step.petition.family():
        left = one.erased_at is None or StepText.objects.filter(step__petition=one).exists()
        if left and one.pk != step.petition_id:
            take(one, "erase", by=SYSTEM, now=step.at, rule=facts.ON_REQUEST, **asked)


def _lift_from_accused(step: Step, told: dict[str, Any]) -> None:
    """The lead turns out to be complained about: it goes one level up in the same moment.

    Also where it was shut out while the petition was merged or answered; what only its main complained of
    has whoever receives it until a person gives it on; also what its own people say of themselves: one word
    of theirs takes it off their hands, and the intake looks at it before the superior has it.
    """
    _lift(step.petition, step, by_itself=bool(told.get("against")) and not _is_watched_by(step))


def _is_watched_by(step: Step) -> bool:
    """Taken by the intake, a supervisor or the house, also where he has just shut himself out."""
    territory = step.petition.territory_id
    return step.by is None or step.by.holds(WATCHING, province=territory)


def _lift(petition: Petition, step: Step, *, by_itself: bool = False) -> None:
    barred = petition.excluded_agencies()
    if petition.lead_id not in barred or petition.state not in workflow.OPEN:
        return
    against = None if by_itself else accused_of(petition)
    agency = (
        who_leads_instead(petition, against, local_day(step.at)) if against else receiver(petition, barred)
    )
    if not agency:
        return  # nobody of this house may have it: who watches over the whole country sends it out
    reason = _("Cơ quan đang chủ trì là bên bị phản ánh.")
    if by_itself:
        reason = _("Cơ quan đang chủ trì tự ghi mình là bên bị phản ánh; đầu mối tiếp nhận xem lại.")
    now = max(step.at, petition.last_step().at)
    take_held(petition, "lift", by=SYSTEM, now=now, told={"agency": agency, "reason": reason})


def _call_back_whole(step: Step, told: dict[str, Any]) -> None:
    """Whoever has the whole text of which a part is sealed, or accuses him, reads it no more: whoever
    receives it sees to what is left of it, and nobody reads it in public."""
    if told.keys().isdisjoint({"against", "kind"}):
        return
    for whole in step.petition.wholes():
        whole = locked(whole.pk)
        if step.petition.sealed and whole.published_at:
            _take_down(whole, step)
        _lift(whole, step)
        receives = receiver(whole, whole.excluded_agencies())
        tells_more = step.petition.sealed and not whole.sealed and whole.state in workflow.OPEN
        if tells_more and receives and whole.lead_id != receives:
            reason = _("Đầu mối tiếp nhận xem lại đơn đã tách.")
            now = max(step.at, whole.last_step().at)
            take_held(whole, "lift", by=SYSTEM, now=now, told={"agency": receives, "reason": reason})


def _take_down(whole: Petition, step: Step) -> None:
    """A reviewer looks again before its words, which tell the sealed part as well, are public."""
    now = max(step.at, whole.last_step().at)
    reason = _("Đơn đã tách, xin xem lại trước khi đăng.")
    take_held(whole, "unpublish", by=SYSTEM, now=now, told={"reason": reason})


def _keep_sender_secret(step: Step, told: dict[str, Any]) -> None:
    """Whoever denounces somebody is secret in all that he sent of the matter (its agency may be the accused,
    and one link leads from the one to the other), and a reviewer looks again at what came of it, or of one
    whole with it, and is public (it says where his door may be). Led back, he is secret no longer."""
    petition, family = step.petition, step.petition.family()
    others = [one for one in family if one.pk != petition.pk]
    secret = petition.denouncer_sealed or any(one.denouncer_sealed for one in others)
    changed = Contact.objects.filter(petition__in=family).exclude(secret=secret)
    newly = set(changed.values_list("petition_id", flat=True))
    changed.update(secret=secret)
    whole = _pks(petition.wholes())
    beside = (
        one for one in others if one.descends_from(petition.pk) or not whole.isdisjoint(_pks(one.wholes()))
    )
    for one in [locked(one.pk) for one in beside if secret and one.pk in newly]:
        if one.published_at:
            _take_down(one, step)


def _pks(petitions: Iterable[Petition]) -> set[int]:
    return {one.pk for one in petitions}


def _lift_born(step: Step, told: dict[str, Any]) -> None:
    """Who comes to light afterwards loses what came of it as well."""
    for born in step.petition.descendants():
        _lift(locked(born.pk), step)


def _part_from_open_main(step: Step, told: dict[str, Any]) -> None:
    """The accused may be answering the main: what is merged into it stands alone again."""
    main = step.petition.main
    if step.petition.state == workflow.State.MERGED and main is not None and main.state in workflow.OPEN:
        take_held(step.petition, "unmerge", by=SYSTEM, now=step.at, told={})


KINSHIP: Mapping[str, tuple[Consequence, ...]] = {
    "split": (_split,),
    **dict.fromkeys(workflow.APPEALS, (_appeal,)),
    "withdraw": (_promote,),
    "close": (_promote_unanswered,),
    "confirm_refusal": (_promote,),
    "redirect": (_promote,),
    "seal": (_promote, _lift_from_accused, _call_back_whole, _keep_sender_secret),
    "contest": (_lift_from_accused,),
    "merge": (_take_along,),
    "erase": (_erase_family,),
    "reclassify": (_lift_from_accused, _call_back_whole, _keep_sender_secret),
    "assign": (_call_back_whole,),
    "lift": (_call_back_whole,),
    "unmerge": (_lift_from_accused,),
    "reopen": (_lift_from_accused,),
    "accuse": (_part_from_open_main, _call_back_whole, _lift_born),
}

# Those that change another petition's row as well; a split and an appeal only bear new ones. Whatever names
# an accused does so too.
TOUCHES_OTHERS = (
    frozenset(KINSHIP) - workflow.APPEALS - {*("split", "unmerge", "reopen", "contest", "assign", "lift")}
)
