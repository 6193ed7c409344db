"""Intake: a submission becomes a petition at once; it is read, located and routed right after."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from classifier import Reading, mentions, read, unread
from classifier.places import PlaceMention
from feedback import alike, attachments, clocks, codes, danger, followups, locking, matters, voice
from feedback.accused import asks_who, barred_from
from feedback.dossiers import facts_told, placed
from feedback.followups import Write, after, in_one_go, waited_for
from feedback.later_words import is_apart, told_by_petitioner
from feedback.models import Attachment, Contact, Petition, Prediction, Step
from feedback.permissions import INTAKE, SYSTEM, Actor, Holder
from feedback.record import canonical
from feedback.steps import record_first, take_held
from feedback.submission import WHO, Submission
from feedback.workflow import PETITIONS_AT_LAW, Kind, State
from feedback.workflow.states import SEALABLE
from routing import assignment, places
from routing.kept import one_version
from routing.models.agencies import focal_point_of, is_focal_point


@dataclass(frozen=True)
class Receipt:
    """What the sender gets: the secret is told here and stored nowhere.

    `created` is False when the same form, or the same external id, was handed in before; `secret` is
    then empty unless the same browser repeats its own form (its first answer may never have arrived).
    """

    petition: Petition
    secret: str
    created: bool


def receive(submission: Submission, *, now: dt.datetime | None = None) -> Receipt:
    """Keep a submission for good; raises ValidationError with one sentence per field.

    `now`: an aware moment to pretend. Twice with the same key or external id: see `Receipt.created`.
    """
    with one_version():
        return _receive(submission, now or timezone.now())


def _receive(submission: Submission, now: dt.datetime) -> Receipt:
    checked = submission.checked()
    try:
        files = attachments.clean(checked.files)
    except ValidationError as error:
        raise ValidationError({"files": error.messages}) from None
    digest = _digest(checked, files)
    if again := _sent_again(checked, digest, now):
        return Receipt(again, "", created=False)
    secret = _secret(checked, digest)
    try:
        for file in files:  # on the disk before the transaction begins
            file.file.save(str(file.file.name), file.file.file, save=False)
        petition = _write_under_a_free_code(checked, files, secret, digest, now)
    except IntegrityError:
        attachments.discard(files)
        earlier = _earlier(checked, digest)
        if earlier is None:
            raise
        proved = codes.secret_fits(earlier.code, secret, earlier.secret_hash)
        return Receipt(earlier, secret if proved else "", created=False)
    except Exception:
        attachments.discard(files)
        raise
    return Receipt(petition, secret, created=True)


def _secret(checked: Submission, digest: str) -> str:
    """One that this browser's form leads to again, or where nothing tells the browser, any."""
    if checked.key and checked.browser:
        return codes.secret_of_form(checked.key, digest, checked.browser)
    return codes.new_secret()


# Of a hundred billion codes two will meet one day; three times in a row they do not.
CODES_TO_TRY = 3


def _write_under_a_free_code(
    checked: Submission, files: list[Attachment], secret: str, digest: str, now: dt.datetime
) -> Petition:
    """All rows in one transaction; raises IntegrityError when the form or the external id is known."""
    province = _province_of(checked.commune) or settings.HOME_PROVINCE
    for left in reversed(range(CODES_TO_TRY)):
        petition = _petition(checked, codes.new_code(), secret, digest, province, now)
        try:
            with transaction.atomic():
                _write(petition, checked, files, now)
            break
        except IntegrityError:
            if not left or not Petition.objects.filter(code=petition.code).exists():
                raise
    return petition


def _petition(
    checked: Submission, code: str, secret: str, digest: str, province: str, now: dt.datetime
) -> Petition:
    return Petition(
        code=code,
        secret_hash=codes.hash_secret(code, secret),
        channel=checked.channel,
        text=checked.text,
        picked_commune_id=checked.commune or None,
        place_text=checked.place_text,
        lat=checked.lat,
        lon=checked.lon,
        territory_id=province,
        lead_id=focal_point_of(province),
        petitioner=checked.petitioner,
        entered_by=checked.entered_by,
        party="organisation" if checked.organisation else "person",
        intake_key=checked.key,
        content_digest=digest,
        source=checked.source,
        external_id=checked.external_id,
        submitted_at=now,
    )


def _write(petition: Petition, checked: Submission, files: list[Attachment], now: dt.datetime) -> None:
    digests = [file.sha256 for file in files]
    step = record_first(petition, by=_petitioner(checked), now=now, enclosed=digests, apart=checked.apart)
    Contact.objects.create(
        petition=petition,
        **{name: getattr(checked, name) for name in CONTACT_FIELDS},
    )
    for file in files:
        file.petition, file.created_at = petition, step.at
        file.save()
    if checked.same_as:
        told = alike.told_to_be(checked.same_as)
        take_held(petition, "inform", by=checked.entered_by or Holder(petition.pk), now=step.at, told=told)


CONTACT_FIELDS = (*WHO, "hidden", "anonymous")


def _petitioner(checked: Submission) -> Actor:
    return checked.entered_by or checked.petitioner or Holder(petition_id=0)


def _province_of(commune: str) -> str:
    return assignment.tables().communes[commune].province if commune else ""


def _digest(checked: Submission, files: list[Attachment]) -> str:
    """Of what the form said: the same key with other content is another petition."""
    said = {name: getattr(checked, name) for name in ("text", "commune", "place_text", *CONTACT_FIELDS)}
    said["point"] = [str(checked.lat), str(checked.lon)]
    said["files"] = [file.sha256 for file in files]
    said |= {"source": checked.source} if checked.source else {}  # two importers may have the same key
    return hashlib.sha256(canonical(said).encode()).hexdigest()


# As long as the browser shows the secret of a receipt; the same words later are a new matter.
SENT_AGAIN_WITHIN = dt.timedelta(minutes=30)


def _sent_again(checked: Submission, digest: str, now: dt.datetime) -> Petition | None:
    """What this browser filed a moment ago, word for word: its sender went back from the receipt."""
    alike = [receipt.pk for receipt in checked.receipts if digest.startswith(receipt.digest)]
    if not alike:
        return None
    lately = Petition.objects.filter(pk__in=alike, submitted_at__gt=now - SENT_AGAIN_WITHIN)
    return lately.filter(content_digest=digest).exclude(state=State.WITHDRAWN).last()


def _earlier(checked: Submission, digest: str) -> Petition | None:
    if checked.external_id:
        return Petition.objects.filter(source=checked.source, external_id=checked.external_id).first()
    if checked.key:
        known = Petition.objects.filter(intake_key=checked.key, content_digest=digest)
        return known.filter(source=checked.source).first()
    return None


# --- reading, right after ---------------------------------------------------------------------------


# Petitions read in one go: few, so that none waits long for the others, nor a sender for what they write.
READ_AT_ONCE = 5


@dataclass(frozen=True)
class _Seen:
    """What is to be written of a petition: where it happened; and where all was read, what else it says."""

    step: Step
    location: places.Location
    reading: Reading | None = None
    proposal: assignment.Assignment | None = None
    routes: Sequence[dict[str, Any]] = ()


def read_all(told: Sequence[Step]) -> Write:
    """`read_submitted` of many."""
    return partial(_write_all, [seen for step in told if (seen := _look(step))])


@waited_for
@in_one_go(read_all, most=READ_AT_ONCE)
@after("submit", "inform")
def read_submitted(
    step: Step,
    *,
    now: dt.datetime | None = None,
    reading: Reading | None = None,
    held: Petition | None = None,
) -> Write | None:
    """Read, locate and route outside any transaction; what is written then is one short one.

    Again when whoever asked has said where it happened, with a tap or in words that name a place of this
    province; past its first hands only the place is kept. Twice: the second finds the follow-up done.
    Never: the petition waits at the focal point, unread. `now` and `reading`: when it is read, and what was
    read of the same text before; `held`: the row, if this very transaction made or locked it.
    """
    seen = _look(step, reading)
    return partial(_write_all, [seen], held=held, now=now) if seen else None


def _look(step: Step, reading: Reading | None = None) -> _Seen | None:
    petition = step.petition
    named = _named_in_answer(step)
    if named and not _waits_to_be_read(petition):
        return _Seen(step, named)
    if step.action == "inform" and not named and not _is_to_be_read_again(step):
        return None
    reading = reading or _read(petition)
    today = timezone.localdate(petition.submitted_at)
    location = named or _located(petition, _mentions(petition, reading), today)
    location = _as_it_stands_there(petition, location, today, danger=reading.urgent)
    subfield, told = _subfield(petition, reading), facts_told(petition.text)
    location = placed(location, reading.kind, subfield, told, today)
    facts = _facts(reading, told)
    proposal = assignment.assign(reading.kind, subfield, location.place, facts=facts, on=today)
    return _Seen(step, location, reading, proposal, _routes(reading, location, told, today))


def _write_all(
    seen: Sequence[_Seen], *, held: Petition | None = None, now: dt.datetime | None = None
) -> None:
    rows = {held.pk: held} if held else _hold(seen)
    with followups.together():
        for one in seen:
            _write_seen(one, rows[one.step.petition_id], now)


def _hold(seen: Sequence[_Seen]) -> Mapping[int, Petition]:
    """Their rows, locked; with what was merged into one that is to be sealed: that stands alone again."""
    suspected = [one for one in seen if one.reading and one.reading.kind in PETITIONS_AT_LAW]
    return locking.held_all([one.step for one in seen], kin_of=[one.step.petition for one in suspected])


def _write_seen(seen: _Seen, petition: Petition, now: dt.datetime | None) -> None:
    if seen.reading and seen.proposal:
        _write_reading(seen, petition, seen.reading, seen.proposal, now)
    else:
        _write_place(petition, seen.location, seen.step)


def _read(petition: Petition) -> Reading:
    return read(petition.text, home=petition.territory_id) if settings.READS else unread()


def _is_to_be_read_again(step: Step) -> bool:
    """Where it happened was told; or it was read while its sender was asked, and is to be sorted still."""
    if not _waits_to_be_read(step.petition):
        return False
    return "commune" in step.facts or (step.before == State.NEEDS_INFO and _was_read_unsorted(step.petition))


def _was_read_unsorted(petition: Petition) -> bool:
    """The machine came too late to say where it goes, which would be a step of its own."""
    return petition.predictions.exists() and not petition.steps.filter(action="read").exists()


def _waits_to_be_read(petition: Petition) -> bool:
    """Neither a person nor a suspicion has taken the petition out of this way."""
    return petition.state == State.SUBMITTED and not petition.sealed and petition.contested_at is None


def _named_in_answer(step: Step) -> places.Location | None:
    """The place that words told later name, where none is known yet; None outside this province."""
    petition = step.petition
    if step.action != "inform" or not _lacks_place(petition):
        return None
    said = str(step.said.get("text", ""))
    today = timezone.localdate(petition.submitted_at)
    location = _located(petition, mentions(said, home=petition.territory_id), today)
    found = location.basis in ("new", "old", "name") and location.outcome in ("unit", "choices")
    return location if found and location.province == petition.territory_id else None


def _lacks_place(petition: Petition) -> bool:
    """No person and no reading has told the commune, and nobody works on it who would have to."""
    return not (petition.commune_id or petition.picked_commune_id or petition.is_taken_on)


def _write_place(petition: Petition, location: places.Location, step: Step) -> None:
    if _lacks_place(petition) and not petition.erased_at:
        _place(petition, location)
        petition.save(update_fields=PLACE_COLUMNS)
        followups.add(step, alike.REMEMBER)


def _located(
    petition: Petition, named: Sequence[PlaceMention], today: dt.date, *, picked: str = ""
) -> places.Location:
    return places.locate(
        named,
        picked=picked or petition.picked_commune_id or "",
        point=(petition.lat, petition.lon) if petition.lat is not None and petition.lon is not None else None,
        home=settings.HOME_PROVINCE,
        on=today,
    )


def _mentions(petition: Petition, reading: Reading) -> Any:
    """Places named in the text; what was typed into the place field comes first, it is meant as one."""
    if petition.place_text:
        typed = mentions(petition.place_text, home=petition.territory_id)
        if typed:
            return typed
    return reading.places


def _as_it_stands_there(
    petition: Petition, found: places.Location, today: dt.date, *, danger: bool
) -> places.Location:
    """People tell once where it is: a part that names no place lies where its whole does, as that stands, and
    an appeal where that lies which it is against, unless its sender has picked anew or tells of danger."""
    origin = petition.origin
    if (
        origin is None
        or origin.commune_id in (None, petition.picked_commune_id)
        or _has_picked_anew(petition)
    ):
        return found
    names_its_own = found.outcome != "none" and not petition.picked_commune_id
    if names_its_own and (danger or not _is_of_what_it_appeals(petition)):
        return found
    basis = origin.place_basis if petition.is_appeal else "whole"
    return replace(_located(petition, (), today, picked=origin.commune_id), basis=basis)


def _has_picked_anew(petition: Petition) -> bool:
    """Its sender has picked another place than for what it comes of, or the same once more for this."""
    origin: Any = petition.origin
    if petition.picked_commune_id not in (None, origin.picked_commune_id):
        return True
    told = petition.steps.filter(action="inform").only("facts")
    return any("commune" in step.facts for step in told)


def _is_of_what_it_appeals(petition: Petition) -> bool:
    """An appeal is about the matter and at the place of what it is against, whatever its words are like."""
    return petition.is_appeal and petition.subfield_id is not None


def _subfield(petition: Petition, reading: Reading) -> str:
    """What it is about: a danger of which the machine knows what it is, by the words alone."""
    return (petition.subfield_id or "") if _stays_what_it_was(petition, reading) else reading.subfield


def _stays_what_it_was(petition: Petition, reading: Reading) -> bool:
    """An appeal does, whatever its words are like, unless they surely tell of a danger."""
    return _is_of_what_it_appeals(petition) and not _is_surely_danger(reading)


def _is_surely_danger(reading: Reading) -> bool:
    return reading.urgent and reading.decision == "subfield"


def _write_reading(
    seen: _Seen,
    petition: Petition,
    reading: Reading,
    proposal: assignment.Assignment,
    now: dt.datetime | None,
) -> None:
    if petition.erased_at:
        return  # its words went while the machine was reading them
    location = seen.location
    _keep_prediction(petition, reading, seen.routes, now or timezone.now())
    is_told = petition.place_basis == "picked" != location.basis
    if is_told and _waits_to_be_read(petition):
        return  # told while the machine was reading: the step that told it is read in its turn
    if petition.state != State.SUBMITTED or _is_sorted_by_a_person(petition):
        _hear_late(seen, petition, reading, now)
        return
    petition.last_step()  # one that was only handed in has no clock yet: nobody need look
    known = petition.sealed  # it came sealed, of the same matter as the one that it appeals
    suspected = reading.kind in PETITIONS_AT_LAW and not known
    petition.urgent = reading.urgent
    now = now or _reading_moment(petition)
    if not known:
        if not is_told:
            _place(petition, location)
        _sort(petition, reading, proposal)
        if reading.law_doubt and _is_asked(petition, reading):
            petition.law_doubt_at = petition.law_doubt_at or now
    sure = not known and _sure(reading, proposal, petition)
    does = partial(take_held, petition, by=SYSTEM, now=now, saves=False)
    with followups.together():
        does("read", told={"model": reading.model, "decision": reading.decision})
        if suspected:  # out of every public flow until a person has looked
            does("seal", told={"kind": reading.kind})
        elif sure:
            does("receive", told={"provisional": True})
            does("assign", told={"agency": proposal.lead, "provisional": True})
        # Whoever is on duty hears of it now, at any hour; read anew, it has mostly been said.
        if petition.urgent and (fallen := voice.unsaid(petition, now + danger.MOMENT)):
            voice.say(petition, fallen, now=now, saves=False)
    petition.save_changes()


def _hear_late(seen: _Seen, petition: Petition, reading: Reading, now: dt.datetime | None) -> None:
    """A person was quicker: his word stands, also of the place; what he may not have seen is still heard.

    Nothing is sealed any more, and taken from whom he gave it to: of a suspicion the intake is asked.
    """
    if not petition.commune_id and (petition.state == State.SUBMITTED or not petition.province_id):
        _place(petition, seen.location)
    doubts = reading.law_doubt or reading.kind in PETITIONS_AT_LAW
    if doubts and petition.state in SEALABLE and _is_asked(petition, reading):
        petition.law_doubt_at = petition.law_doubt_at or now or _reading_moment(petition)
    petition.save_changes()
    followups.add(seen.step, alike.REMEMBER)
    if reading.urgent:
        danger.raise_alarm(petition)


# Of an appeal, as the tables' own sentences in Vietnamese: they name the very body that answered.
ANOTHER_JUDGES = (
    "Người gửi đề nghị xem lại: cơ quan đã trả lời và các phòng, trạm của cơ quan đó không xử lý đơn này."
)


def _is_against_an_answer(petition: Petition) -> bool:
    first = petition.origin
    return first is not None and petition.is_appeal and first.state != State.REJECTED


def _sort(petition: Petition, reading: Reading, proposal: assignment.Assignment) -> None:
    """What it is about, its limit, and the clock of looking at it; a suspected one gets the law's own."""
    suspected = reading.kind in PETITIONS_AT_LAW
    petition.kind = petition.kind if suspected else reading.kind
    subfield = assignment.tables().subfields.get(_subfield(petition, reading))
    petition.subfield = subfield
    petition.urgent |= bool(subfield and subfield.urgent_by_default)
    policy = proposal.deadline_policy or (subfield.policy_id if subfield else "")
    petition.policy_id = clocks.plain_policy(policy) if policy else None
    only_danger = subfield is None or (reading.urgent and _stays_what_it_was(petition, reading))
    if petition.urgent and only_danger:  # nothing is known of it but that
        petition.policy_id = clocks.IN_DANGER
    judged = _is_against_an_answer(petition) and not _is_surely_danger(reading)
    petition.route_reason = ANOTHER_JUDGES if judged else proposal.reason
    if not suspected:
        ran = clocks.running(petition, "accept")
        clocks.show(petition, ran or clocks.start(petition, "accept", at=petition.submitted_at))
        if ran:  # asked about or contested before, by the limit of what nobody had read
            clocks.change_policy(petition, never_later=True)


def _is_asked(petition: Petition, reading: Reading) -> bool:
    """A person is to say whether it is a complaint or denunciation, and none has; spam is seen anyway."""
    sorted_out = reading.kind == Kind.SPAM or petition.is_sealed_or_at_law
    return not sorted_out and not _is_kind_said(petition)


def _is_kind_said(petition: Petition) -> bool:
    """One of the intake has answered, or has said another kind than it had; what a form holds is no word."""
    if petition.last_step().seq == 1:
        return False
    told = petition.steps.order_by("seq").only("kind", "action", "role", "by_id", "lead_agency")
    return any(
        step.action == "clear_doubt" or (step.kind != before.kind and _is_of_intake(step, before))
        for before, step in pairwise(told)
    )


def _is_of_intake(step: Step, before: Step) -> bool:
    """Taken by one of those who take in: by that post, or where their office has it in hand."""
    return step.by_id is not None and (step.role in INTAKE or is_focal_point(before.lead_agency))


def _is_sorted_by_a_person(petition: Petition) -> bool:
    """An official has said under what it stands: no reading of the same words takes that back.

    So also by taking it in, where it was refused since and contested.
    """
    if petition.last_step().seq == 1:
        return False
    sorts = petition.steps.filter(action="reclassify", by__isnull=False)
    return petition.received_at is not None or sorts.exists()


def _reading_moment(petition: Petition) -> dt.datetime:
    """Now, not before its last step; with a pretended clock a petition of another moment at that moment."""
    now = timezone.now()
    pretended = settings.CLOCK_OPEN and abs(now - petition.submitted_at) > dt.timedelta(minutes=5)
    return petition.submitted_at if pretended else max(now, petition.last_step().at)


PLACE_COLUMNS = ["commune", "province", "territory", "place_basis", "place_choices"]


def _place(petition: Petition, location: places.Location) -> None:
    petition.place_at(location.unit, location.province, basis=_basis(location), choices=location.choices)


def _basis(location: places.Location) -> str:
    """How the place was found, told apart where a person should confirm it; see `PLACE_GUESSES`."""
    if location.basis == "new" and location.flagged:
        return "namesake"
    return "agreed" if location.basis == "point" and not location.flagged else location.basis


def _sure(reading: Reading, proposal: assignment.Assignment, petition: Petition) -> bool:
    """The machine assigns what it read surely and no person must look at first, and to no barred body."""
    return (
        reading.decision == "subfield"
        and proposal.outcome == "agency"
        and proposal.intake == "lead"
        and proposal.lead is not None
        and reading.kind != Kind.SPAM
        and proposal.lead.code not in barred_from(petition, timezone.localdate())
        and not asks_who(reading.kind, [reading.subfield], told_by_petitioner(petition))
        and not is_apart(petition)
        and petition.contested_at is None  # two persons have looked, and others decide
        and not petition.proposed_ground  # one has, and a second one decides
        and not (petition.origin and petition.origin.sealed)  # what is ordinary in it, a person has to say
        and not (petition.is_appeal and not reading.urgent)  # who may judge the answer, too
        and not petition.refused_by  # of what it comes from: two have looked, and others decide
        and not matters.is_for_a_person(petition, danger=reading.urgent)
    )


def _keep_prediction(
    petition: Petition, reading: Reading, routes: Sequence[dict[str, Any]], now: dt.datetime
) -> None:
    said = asdict(reading)
    kept = ("subfield", "field", "confidence", "decision", "kind", "law_doubt", "urgent", "guarded", "model")
    lists = ("candidates", "places", "personal", "urgent_words", "words")
    petition.reading = Prediction.objects.create(
        petition=petition,
        at=now,
        kind_p=dict(reading.kind_p),
        routes=list(routes),
        **{name: said[name] for name in kept},
        **{name: list(said[name]) for name in lists},
    )


def _facts(reading: Reading, told: assignment.Facts) -> assignment.Facts:
    """A machine only suspects: what it takes for a complaint or denunciation, a person has to look at."""
    suspected = reading.kind if reading.kind in PETITIONS_AT_LAW else ""
    return replace(told, suspected=suspected) if suspected else told


def _routes(
    reading: Reading, location: places.Location, told: assignment.Facts, today: dt.date
) -> list[dict[str, Any]]:
    """The three candidates with the agency that each would go to, for the focal point's page."""
    pairs = [(candidate.subfield, candidate.p) for candidate in reading.candidates]
    return [
        {
            "subfield": route.subfield,
            "p": route.p,
            "agency": route.assignment.lead.code if route.assignment.lead else "",
            "reason": route.assignment.reason,
        }
        for route in assignment.candidates(pairs, location.place, facts=told, on=today)
    ]
