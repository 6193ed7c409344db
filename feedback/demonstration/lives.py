"""How a petition lives: each script tells one way of going, by the same door as everybody's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from django.core.files.base import ContentFile

from accounts.demonstration import PROVINCE
from classifier import Reading
from feedback import attachments, clocks, enclosures, intake, notifications, voice
from feedback.demonstration import pictures, writing
from feedback.demonstration.cast import Cast
from feedback.demonstration.plan import Plan
from feedback.demonstration.rhythm import Rhythm
from feedback.demonstration.writing import Slots, Written
from feedback.facts import Ground
from feedback.ladder import Said, next_by, stood_on
from feedback.locking import locked
from feedback.models import Attachment, Petition, Step
from feedback.models.petition import Channel
from feedback.permissions import SYSTEM, Actor, Holder
from feedback.redaction import BLACK, hidden_words, masked
from feedback.steps import take_held
from feedback.submission import Submission
from feedback.workflow import Kind, State
from feedback.workflow.conditions import in_doubt, may_be_public, not_in_doubt, working_days_after
from routing import assignment
from routing.models import Commune
from routing.models.agencies import upwards
from routing.places import Place

CHANNELS = {Channel.WEB: 60, Channel.APP: 15, Channel.ZALO: 8, Channel.HOTLINE: 12, Channel.COUNTER: 5}
ENCLOSED = 0.8  # of the answers that something was mended of which there is a picture
PHOTOGRAPHED = 0.28  # of what can be seen on the spot
POINTED = 0.4  # of what is filed with a telephone in hand and a commune picked
AROUND = 0.004  # of a degree from the middle of that commune, some 400 m
NOWHERE = (None, None)
BY_TELEPHONE = frozenset({Channel.WEB, Channel.APP, Channel.ZALO})
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


class Over(Exception):  # noqa: N818 - no error: the end of a story
    """The demonstration's last moment has come, or the life rests where it was meant to."""


@dataclass
class Stage:
    """What all lives share: people, time, what the machine reads, and since when letters are kept."""

    cast: Cast
    rhythm: Rhythm
    source: str
    read: Callable[[str], Reading]
    letters_since: dt.datetime
    files: bool = True  # whether pictures come with what is written and answered
    points: bool = True  # whether some tell the point where they stand

    @property
    def until(self) -> dt.datetime:
        return self.rhythm.until


class Life:
    """One petition on its way: `now` is its own time, which only goes forward."""

    def __init__(self, stage: Stage, plan: Plan, rng: Random, *, subfield: str, slots: Slots) -> None:
        self.stage, self.plan, self.rng = stage, plan, rng
        self.subfield, self.slots = subfield, slots
        self.now = plan.at
        self.stop = plan.stop
        self.planted: tuple[str, ...] = ()
        self.own = False  # filed by the citizen's account
        self.about = ""  # the words that tell its matter, where its own do not
        self._said: set[Said] = set()

    petition: Petition
    reading: Reading

    # --- in --------------------------------------------------------------------------------------------

    def file(self, written: Written, *, part: int = 0) -> Life:
        """Hand it in, and let the machine read it a moment later."""
        submission = self._submission(written, part)
        receipt = intake.receive(submission, now=self.now)
        self.planted = (*written.planted, submission.name, submission.phone, submission.email)
        self.follow(receipt.petition)
        return self

    def follow(self, petition: Petition) -> None:
        """Take up a petition that was just submitted, also one that another gave birth to."""
        self.petition = petition
        submitted = petition.steps.get()
        submitted.petition = petition
        self.reading = self.stage.read(petition.text)
        self._tell(submitted)
        self.now += dt.timedelta(seconds=self.rng.randint(2, 50))
        write = intake.read_submitted(submitted, now=self.now, reading=self.reading, held=petition)
        if write:
            write()
        if petition.urgent:
            self._said.add(("urgent", petition.submitted_at))
        for step in petition.steps.filter(seq__gt=1).order_by("seq") if self._keeps_letters(self.now) else ():
            step.petition = petition
            self._tell(step)

    def _submission(self, written: Written, part: int) -> Submission:
        rng, plan = self.rng, self.plan
        (channel,) = rng.choices(list(CHANNELS), list(CHANNELS.values()))
        person = rng.choice(writing.people())
        who = rng.random()
        street = f"{self.slots['duong']}, {plan.spot.name}"
        self.own = part == 0 and plan.prompt and rng.random() < 0.12
        by_phone = channel in (Channel.HOTLINE, Channel.COUNTER) and not self.own
        lat, lon = self._point(part) if channel in BY_TELEPHONE and plan.located == "picked" else NOWHERE
        return Submission(
            text=written.text,
            commune=plan.spot.code if plan.located == "picked" else "",
            place_text=f"đường {street}, Đà Nẵng" if plan.located == "typed" else "",
            lat=lat,
            lon=lon,
            name=person["name"] if who < 0.6 else "",
            phone=person["phone"] if who < 0.55 else "",
            email=person["email"] if who < 0.2 else "",
            organisation=f"Công ty Trình diễn {rng.randint(1, 9)}" if who > 0.96 else "",
            hidden=0.1 < who < 0.2,
            anonymous=0.6 < who < 0.7,
            channel=Channel.WEB if self.own else channel,
            source=self.stage.source,
            external_id=f"{plan.number}.{part}",
            files=() if by_phone else self._photographs(),
            petitioner=self.stage.cast["nguoidan"] if self.own else None,
            entered_by=self.stage.cast["tongdai"] if by_phone else None,
        )

    def _point(self, part: int) -> tuple[float | None, float | None]:
        """Where its sender stood, now and then. Drawn apart: the rest of the story stays as it was."""
        rng = Random(f"{self.plan.number}.{part}")  # noqa: S311 - a story, no secret
        if rng.random() >= POINTED or not self.stage.points:
            return NOWHERE
        middle = Commune.objects.get(pk=self.plan.spot.code)
        near = partial(rng.uniform, -AROUND, AROUND)
        return round(middle.lat + near(), 5), round(middle.lon + near(), 5)

    def _photographs(self) -> tuple[ContentFile[bytes], ...]:
        """Of what can be seen on the spot, now and then."""
        seen = self.stage.files and pictures.before(self.subfield)
        return (seen,) if seen and self.rng.random() < PHOTOGRAPHED else ()

    def proof(self) -> list[Attachment]:
        """The picture of what was mended, which goes with most answers that have one."""
        picture = self.stage.files and pictures.after(self.subfield)
        return attachments.clean([picture]) if picture and self.rng.random() < ENCLOSED else []

    # --- time ------------------------------------------------------------------------------------------

    def office(self, low: int, high: int) -> dt.datetime:
        """In so many working days from now; at once where the intake is prompt."""
        return self.stage.rhythm.office(self.rng, self.now, self.rng.randint(low, high))

    def later(self, low: float, high: float) -> dt.datetime:
        """In so many hours, at any time of the day: as citizens do; soon, where it is to be seen today."""
        high = min(high, low + 12) if self.stop else high
        return self.now + HOUR * self.rng.uniform(low, high)

    def in_time(self, share: float = 0.0) -> dt.datetime:
        """A moment before it is due; `share` of the time that is left has passed at least."""
        due = self.petition.due_at
        if due is None or due <= self.now or self.stop:
            return self.office(0, 1)
        span = due - self.now
        rough = self.now + span * self.rng.uniform(max(share, 0.2), 0.9)
        at = self.stage.rhythm.office(self.rng, rough, 0)
        return at if at <= due else rough

    def too_late(self) -> dt.datetime:
        due = self.petition.due_at or self.now
        return self.stage.rhythm.office(self.rng, max(due, self.now), self.rng.choice((1, 1, 2, 2, 3, 5, 8)))

    # --- acting ----------------------------------------------------------------------------------------

    @property
    def lead(self) -> str:
        return self.petition.lead_id or ""

    @property
    def petitioner(self) -> Actor:
        return self.stage.cast["nguoidan"] if self.own else Holder(petition_id=self.petition.pk)

    def who(self, username: str) -> Actor:
        """The official of the province that it was filed in, by the name of its account."""
        return self.stage.cast.over(self.petition.territory_id, username)

    def handler(self) -> Actor:
        return self.stage.cast.handler(self.lead, another=self.petition.round > 1)

    def approver(self) -> Actor:
        """Of the lead; of its superior for an answer that was objected to."""
        superior = self.petition.round > 1 and self.petition.superior_id
        return self.stage.cast.approver(superior or self.lead)

    def take(
        self,
        action: str,
        by: Actor,
        at: dt.datetime | None = None,
        *,
        proof: Sequence[Attachment] = (),
        **told: Any,
    ) -> Step:
        """One action, after all that the clock had to say before it; `proof`: files that it brings."""
        at = max(at or self.now, self.now + MINUTE)
        if at > self.stage.until:
            raise Over
        self.clock(at)
        self.now = at
        enclosed = [file.sha256 for file in proof]
        step = take_held(self.petition, action, by=by, now=at, told=told, enclosed=enclosed)
        enclosures.attach(proof, step)
        self._tell(step)
        if self.rests:
            raise Over
        return step

    @property
    def rests(self) -> bool:
        """It stands where it is meant to be seen today."""
        return bool(self.stop) and self.petition.state == self.stop

    def clock(self, at: dt.datetime) -> None:
        """What the round of the clock did on its own until that moment."""
        while (moment := self._next_ring(at)) and moment <= at:
            if self._closes():
                self._tell(take_held(self.petition, "close", by=SYSTEM, now=moment, told={}))
            else:
                fallen = [one for one in stood_on(self.petition, moment) if one.said not in self._said]
                self._said |= {one.said for one in fallen}
                self._tell(voice.say(self.petition, fallen, now=moment))
            self.now = moment

    def _next_ring(self, by: dt.datetime) -> dt.datetime | None:
        """When the window closes, or the next rung falls due, whichever its state is waiting for."""
        at = self._closes() or next_by(self.petition, self._said, by)
        return max(at, self.now) + MINUTE if at else None

    def _closes(self) -> dt.datetime | None:
        answered = self.petition.state == State.ANSWERED and not self.petition.has_open_plan
        return self.petition.window_ends_at if answered else None

    def _tell(self, step: Step) -> None:
        """The letters of a step, if they would still lie in the outbox."""
        if self._keeps_letters(step.at) and step.action in notifications.WHO_IS_TOLD:
            notifications.notify(step, now=step.at)()

    def _keeps_letters(self, at: dt.datetime) -> bool:
        return at >= self.stage.letters_since

    @property
    def sort(self) -> str:
        return writing.sorts()[self.subfield]

    @property
    def weather(self) -> str:
        """The storm comes before the sort for what is built out of doors."""
        return "storm" if self.plan.storm and self.sort == "works" else self.sort

    def say(self, name: str, *sorts: str) -> str:
        """In words that become the matter, or one of these sorts."""
        return writing.mood(self.rng, name, self._with_day(), *(sorts or (self.sort,)))

    def filled(self, *ways: str) -> str:
        return writing.say(self.rng, self._with_day(), *ways)

    def answer(self) -> tuple[str, str]:
        """A good answer to what was written, and its outcome."""
        found = writing.answer(self.rng, self.subfield, self.about or self.petition.text)
        text = self.filled(found.says)
        if self.about:
            text = writing.moods()["on_appeal"][0].format(answer=text)
        greeted = self.rng.random() < 0.2 and not self.petition.sealed
        greeting = greeted and self.planted and self.planted[0]
        return (f"Kính gửi ông (bà) {greeting}. {text}" if greeting else text), found.outcome

    def _with_day(self) -> Slots:
        self.slots["hom"] = f"{self.now:%d/%m/%Y}"
        return self.slots

    def hidden(self, text: str, *, also: Iterable[str] = ()) -> str:
        """As a reviewer leaves it: what the machine marked, and what she herself sees beside it."""
        shown = masked(text, also=also)
        for trace in filter(None, self.planted):
            shown = shown.replace(trace, BLACK)
        return shown


Told = dict[str, Any]
Script = Callable[[Life], None]
COMMITTEE = "provincial-people-committee:48"  # what no other may do
INSPECTORATE = "inspectorate:48"  # what not even the committee may, because it answered before


def live(stage: Stage, plan: Plan, seed: int) -> None:
    """One planned life from its first word to the last moment of the demonstration."""
    rng = Random(f"{seed}/{plan.number}/life")  # noqa: S311 - a story, no secret
    life = Life(stage, plan, rng, subfield=plan.subfield, slots=plan.slots)
    life.file(plan.written)
    play(life, SCRIPTS[plan.script])


def play(life: Life, script: Script) -> None:
    if not life.rests:
        with suppress(Over):
            script(life)
    life.clock(life.stage.until)


# --- to the unit that has to do it ------------------------------------------------------------------------


def right_lead(life: Life) -> str:
    """Where an official sends it: by its true sub-field and place."""
    spot = life.plan.spot.code
    route = assignment.assign(
        "report", life.subfield, Place(commune=spot, province="48"), on=life.plan.at.date()
    )
    shut = life.petition.excluded_agencies()
    lead = next(upwards(route.lead, without=shut), None)
    return lead.code if lead else next(code for code in (COMMITTEE, INSPECTORATE) if code not in shut)


def no_petition_at_law(life: Life) -> None:
    """The machine only suspected: an officer looks, and it goes the usual way."""
    if life.petition.is_sealed_or_at_law:
        why = "Nội dung là phản ánh, không phải khiếu nại hay tố cáo."
        life.take("reclassify", life.who("donthu"), life.office(0, 1), kind="report", why=why)


def doubt_is_over(life: Life) -> bool:
    """Where the machine asked whether it is a complaint: mostly the officer has said that it is none."""
    if in_doubt(life.petition) and life.rng.random() < 0.8:
        life.take("clear_doubt", life.who("donthu"), life.office(0, 1))
    return not_in_doubt(life.petition)


def received(life: Life) -> None:
    """By a person, who says what it is about."""
    no_petition_at_law(life)
    if life.petition.state == State.SUBMITTED:
        told: Told = {"subfield": life.subfield, "kind": true_kind(life)}
        life.take("receive", life.who("daumoi"), intake_moment(life), **told)


def true_kind(life: Life) -> str:
    """What an official sees at once: whoever thanks at the end of a letter does not write to praise."""
    if life.subfield.startswith(("other.praise", "policy-regulation.")):
        return str(life.petition.kind)
    return Kind.REPORT.value


def intake_moment(life: Life) -> dt.datetime:
    """Most are looked at within hours; some lie for days."""
    if life.plan.prompt:
        return life.office(0, 0)
    return life.office(*life.rng.choices([(0, 0), (0, 1), (1, 2), (2, 5)], [55, 30, 11, 4])[0])


def assigned(life: Life) -> None:
    """To the right unit, sooner or later: the machine may have sent it to another.

    Where it took the place for one of another province, it is theirs, and there nobody of ours can act.
    """
    received(life)
    if life.petition.territory_id != PROVINCE:
        raise Over
    right = right_lead(life)
    if life.petition.state == State.RECEIVED:
        life.take("assign", life.who("daumoi"), life.later(0.1, 4), agency=right)
    elif life.petition.state == State.ASSIGNED and life.lead != right:
        if life.rng.random() < 0.5:
            returned(life, right, code="wrong_field")
            life.take("assign", life.who("daumoi"), life.office(0, 1), agency=right)
        else:
            reason = "Chuyển đúng đơn vị phụ trách lĩnh vực."
            life.take("transfer", life.who("daumoi"), life.office(0, 1), agency=right, reason=reason)


def returned(life: Life, suggested: str, *, code: str) -> None:
    """Within one working day."""
    latest = working_days_after(life.petition, life.petition.assigned_at or life.now, 1)
    at = min(life.office(0, 1), latest - HOUR)
    life.take(
        "return_",
        life.handler(),
        at,
        reason_code=code,
        words=life.say("returning", code),
        suggested_agency=suggested,
    )


def above(life: Life) -> str:
    """Whom the lead would rather see in charge: the body above it, else the province."""
    petition = life.petition
    province = f"provincial-people-committee:{petition.territory_id}"
    others = (petition.superior_id, province, petition.focal_point_id)
    return next(code for code in others if code and code != petition.lead_id)


def accepted(life: Life) -> None:
    assigned(life)
    if life.petition.state == State.ASSIGNED:
        life.take("accept", life.handler(), life.office(0, 1))
    told: Told = {"subfield": life.subfield, "kind": true_kind(life)}
    read = {"subfield": life.petition.subfield_id, "kind": life.petition.kind}
    if read != told and life.rng.random() < 0.8:
        why = "Đúng loại, đúng lĩnh vực theo nội dung thực tế."
        life.take("reclassify", life.handler(), life.later(0.1, 1), why=why, **told)


# --- to the answer ----------------------------------------------------------------------------------------


def drafted(life: Life, at: dt.datetime, *, well: bool) -> None:
    told = reply(life, at, well=well)
    proof = life.proof() if told["outcome"] == "resolved" else []
    life.take("draft_reply", life.handler(), at - HOUR * life.rng.uniform(0.3, 5), proof=proof, **told)
    if life.rng.random() < 0.08:
        life.take("send_back", life.approver(), life.later(0.2, 3), words=life.say("sending_back"))
        life.take("draft_reply", life.handler(), life.later(0.2, 3), **reply(life, at, well=True))


def reply(life: Life, at: dt.datetime, *, well: bool) -> dict[str, Any]:
    text, outcome = life.answer() if well else (life.say("empty_answers"), "noted")
    told = {"outcome": outcome, "text": text}
    if outcome == "noted":
        plan = at.date() + dt.timedelta(days=life.rng.randint(10, 60))
        return told | {"plan_date": plan.isoformat()}
    return told | ({"evidence": life.say("evidence")} if outcome == "resolved" else {})


def answered(life: Life, *, well: bool = True, late: bool | None = None) -> None:
    """From wherever it stands to a sent answer."""
    if life.petition.state != State.IN_PROGRESS:
        accepted(life)
    is_late = not life.stop and (life.rng.random() < 0.17 if late is None else late)
    if life.rng.random() < 0.06:
        life.take("note", life.handler(), life.later(0.5, 8), text=life.say("notes"))
    at = life.too_late() if is_late else life.in_time()
    drafted(life, at, well=well)
    life.take("approve", life.approver(), max(at, life.now + 10 * MINUTE))


def judged(life: Life, *, well: bool = True) -> None:
    """The citizen may say how it was, and the reviewer shows it to everybody."""
    if life.rng.random() < 0.64 or life.plan.prompt:
        published(life)
    if life.rng.random() < 0.47:
        weights = (28, 42, 20, 10) if well else (2, 12, 30, 56)
        scores = ("very_satisfied", "satisfied", "acceptable", "dissatisfied")
        (score,) = life.rng.choices(scores, weights)
        life.take("rate", life.petitioner, life.later(1, 200), score=score)


def published(life: Life) -> None:
    if not may_be_public(life.petition) or not doubt_is_over(life):
        return
    shown, reviewer = reviewed(life), life.who("congkhai")
    life.take("offer_publication", reviewer, life.office(0, 4), **shown)
    if life.rng.random() < 0.92:  # of the others it waits for the sender's word
        life.take("agree_publication", life.petitioner, life.later(0, 20))
        life.take("publish", reviewer, life.office(0, 4), **shown)


def reviewed(life: Life) -> Told:
    """The words and the answer without anybody's data; of a restricted matter what it was about and where."""
    petition = life.petition
    if petition.only_summarised:
        what = petition.subfield.name_vi if petition.subfield else "việc chưa rõ lĩnh vực"
        where = f" tại {petition.commune.name}" if petition.commune else ""
        return {
            "public_text": f"Người dân phản ánh{where}, lĩnh vực: {what}. Nội dung cụ thể không công khai."
        }
    sent = petition.sent_reply
    text = life.hidden(petition.text)
    answer = life.hidden(sent.text, also=hidden_words(petition.text, text)) if sent else ""
    return {"public_text": text, "public_answer": answer}


def fulfilled(life: Life) -> None:
    """A promise with its day: most are kept, some late, some never."""
    if life.petition.has_open_plan and life.rng.random() < 0.6:
        at = life.now + DAY * life.rng.randint(8, 70)
        at = life.stage.rhythm.office(life.rng, at, 0)
        text, evidence = life.say("fulfilled"), life.say("evidence")
        life.take("fulfil", life.stage.cast.approver(life.lead), at, text=text, evidence=evidence)


# --- the scripts ----------------------------------------------------------------------------------------


def script_answered(life: Life) -> None:
    answered(life, well=not drafted_emptily(life))
    judged(life)
    fulfilled(life)


def drafted_emptily(life: Life) -> bool:
    """Of the drafts that wait for approval today every other says nothing: so the warning is to be seen."""
    return life.stop == State.PENDING_APPROVAL and life.plan.number % 2 == 0


def script_answered_emptily(life: Life) -> None:
    answered(life, well=False)
    judged(life, well=False)
    fulfilled(life)


def script_unread(life: Life) -> None:
    """Filed lately: a person has just received it, or nobody has yet."""
    if life.stop == State.SUBMITTED:
        return
    received(life)


def script_neglected(life: Life) -> None:
    """Nobody answers; the supervisor asks, and a report comes instead."""
    accepted(life)
    at = life.too_late()
    life.take("remind", life.who("giamsat"), at)
    if life.rng.random() < 0.5:
        life.take("demand_report", life.who("giamsat"), life.office(3, 8), days=5)
        life.take("report", life.handler(), life.office(2, 7), text=life.say("reports"))
    if life.rng.random() < 0.85:
        answered(life, late=True, well=life.rng.random() < 0.5)
        judged(life, well=False)


def script_asked(life: Life) -> None:
    accepted(life)
    asked = life.rng.choice(writing.ways_of(writing.moods()["asking"], life.sort))
    life.take("ask", life.handler(), life.later(1, 6), question=life.filled(asked["question"]))
    if life.rng.random() < 0.7:
        life.take("inform", life.petitioner, life.later(2, 90), text=life.filled(*asked["told"]))
        answered(life)
        judged(life)
    else:
        silent = working_days_after(life.petition, life.petition.paused_at or life.now, 10)
        notice = "Quá mười ngày làm việc không nhận được bổ sung, hồ sơ được đóng; ông bà có thể gửi lại."
        life.take("close", life.who("daumoi"), life.stage.rhythm.office(life.rng, silent, 1), notice=notice)


def script_returned(life: Life) -> None:
    assigned(life)
    if life.petition.returns == 0:
        returned(life, above(life), code=life.rng.choice(("not_competent", "wrong_place", "unclear")))
        life.take("assign", life.who("daumoi"), life.office(0, 1), agency=right_lead(life))
    script_answered(life)


def script_returned_twice(life: Life) -> None:
    """The third assignment binds."""
    assigned(life)
    while life.petition.returns < 2:
        returned(life, above(life), code="not_competent")
        life.take("assign", life.who("daumoi"), life.office(0, 1), agency=right_lead(life))
    script_answered(life)


def refused(life: Life, first: str = "daumoi", second: str = "daumoi2") -> None:
    """By two persons, with a ground."""
    no_petition_at_law(life)
    named = life.plan.ground
    life.take(
        "propose_refusal",
        life.who(first),
        intake_moment(life),
        ground=Ground("abusive" if named == "spam" else named).value,
        reason=writing.refusals()["grounds"][named]["reason"],
    )
    life.take("confirm_refusal", life.who(second), life.office(0, 1))


def script_refused(life: Life) -> None:
    refused(life)


def contest(life: Life) -> str:
    return str(writing.refusals()["grounds"][life.plan.ground]["contest"])


def script_contested(life: Life) -> None:
    """The citizen objects; two others look, and it stands."""
    refused(life)
    life.take("contest", life.petitioner, life.later(3, 200), text=contest(life))
    refused(life, "donthu", "giamsat")


def script_overturned(life: Life) -> None:
    refused(life)
    life.take("contest", life.petitioner, life.later(3, 200), text=contest(life))
    life.take("receive", life.who("donthu"), life.office(0, 2), subfield=life.subfield)
    life.take("assign", life.who("donthu"), life.later(0.2, 3), agency=right_lead(life))
    script_answered(life)


def script_redirected(life: Life) -> None:
    no_petition_at_law(life)
    body, address = life.plan.body
    life.take("redirect", life.who("daumoi"), intake_moment(life), body=body, address=address)


def script_out_of_scope(life: Life) -> None:
    (script_refused if life.rng.random() < 0.5 else script_redirected)(life)


def script_reopened(life: Life) -> None:
    """The answer did not hold: another looks at it, and the superior sends the new one."""
    answered(life, well=bool(life.stop) or life.rng.random() < 0.5)
    if not life.petition.superior_id or life.petition.has_open_plan:
        judged(life, well=False)
        return
    published_before = life.rng.random() < 0.4
    if published_before:
        published(life)
    at, ends = life.later(2, 240), life.petition.window_ends_at
    if ends is None or max(at, life.now + MINUTE) >= ends:  # publishing it took until its window was over
        return
    life.take("reopen", life.petitioner, at, reason=life.say("reopening"))
    life.take("accept", life.handler(), life.office(0, 2))
    answered(life)
    judged(life)


def script_appealed(life: Life) -> None:
    answered(life, well=False)
    (subfield, written), *_none = life.plan.more
    life.take("appeal", life.petitioner, life.later(5, 200), text=written.text)
    born(life, subfield, script_answered, about=life.petition.text)


def script_split(life: Life) -> None:
    """Two matters in one letter: each gets a clock of its own."""
    received(life)
    (subfield, written), *_none = life.plan.more
    life.take("split", life.who("daumoi"), life.office(0, 1), texts=[written.text])
    born(life, subfield, script_answered)
    script_answered(life)


def born(life: Life, subfield: str, script: Script, *, about: str = "") -> None:
    """The petition that this step made lives its own life; `about`: other words that tell its matter."""
    child = Life(life.stage, life.plan, life.rng, subfield=subfield, slots=life.slots)
    child.now, child.stop, child.own, child.planted = life.now, "", life.own, life.planted
    child.about = about
    child.follow(locked(life.petition.children.get().pk))
    play(child, script)


def script_duplicates(life: Life) -> None:
    """One storm, one drain, several who write: the others are merged into the first."""
    accepted(life)
    ends = life.in_time(0.5)
    for part, (subfield, written) in enumerate(life.plan.more, start=1):
        twin = Life(life.stage, life.plan, life.rng, subfield=subfield, slots=life.slots)
        twin.now, twin.stop = life.now + (ends - life.now) * (part / 8), ""
        twin.file(written, part=part)
        play(twin, partial(merged, main=life.petition.code))
    if life.now < ends:
        drafted(life, ends, well=True)
        life.take("approve", life.approver(), max(ends, life.now + 10 * MINUTE))
        judged(life)


def merged(life: Life, main: str) -> None:
    """They stay apart where the first one was read into another province, or is due later than this one."""
    no_petition_at_law(life)
    focal, at = life.who("daumoi"), life.now + 3 * MINUTE
    first = Petition.objects.visible_to(focal).filter(code=main).first()
    if first and clocks.hold_as_much(first, life.petition, at):
        life.take("merge", focal, at, main=main)


def script_suspended(life: Life) -> None:
    accepted(life)
    life.take(
        "suspend",
        life.stage.cast.approver(life.lead),
        life.later(1, 6),
        reason=life.say("suspending", life.weather),
    )
    at = life.office(3, 25)
    life.take("resume", life.stage.cast.approver(life.lead), at, reason=life.say("resuming", life.weather))
    script_answered(life)


def granted(life: Life, at: dt.datetime) -> None:
    """The extension that was asked for, while it is not due yet; else nobody may grant it any more."""
    due = life.petition.due_at
    if due and life.now + MINUTE <= due:
        life.take("grant_extension", life.approver(), min(at, due))


def script_extended(life: Life) -> None:
    accepted(life)
    due = life.petition.due_at
    if life.petition.most_extensions == 0 or not due or due <= life.now + HOUR:
        script_answered(life)
        return
    handler, at = life.handler(), life.in_time(0.4)
    if at <= due - 10 * MINUTE:  # otherwise the office opens too late for it
        reason = life.say("extending")
        life.take("request_extension", handler, at, reason=reason, interim_reply=life.say("interim"))
        if life.rng.random() < 0.9:
            granted(life, life.later(0.2, 3))
    script_answered(life)


# Fields in which a ward may do what a department was sent.
OF_THE_WARD = (
    "transport.illegal",
    "transport.road",
    "urban-infrastructure.sidewalk",
    "environment.",
    "urban-order.",
)


def script_transferred(life: Life) -> None:
    """The unit's head hands it on once: it is another's road."""
    accepted(life)
    if not life.subfield.startswith(OF_THE_WARD):
        script_answered(life)
        return
    ward = f"commune-economy-office:{life.plan.spot.code}"
    if life.lead == ward:
        ward = f"commune-people-committee:{life.plan.spot.code}"
    reason = life.say("transferring")
    life.take("transfer", life.stage.cast.approver(life.lead), life.later(1, 20), agency=ward, reason=reason)
    life.take("accept", life.handler(), life.office(0, 1))
    script_answered(life)


def script_coordinated(life: Life) -> None:
    """Others are asked; only the lead answers."""
    accepted(life)
    told = writing.ways_of(writing.moods()["coordinating"], life.sort)[0]
    helper = told["helper"].format(commune=life.plan.spot.code)
    if helper == life.lead:
        script_answered(life)
        return
    day = (life.now + 6 * DAY).date().isoformat()
    question = life.filled(told["question"])
    life.take("coordinate", life.handler(), life.later(0.5, 3), agencies=[helper], question=question, day=day)
    if life.rng.random() < 0.8:
        words = life.filled(told["told"])
        life.take("contribute", life.stage.cast.handler(helper), life.later(2, 30), text=words)
    script_answered(life)


def script_withdrawn(life: Life) -> None:
    if life.rng.random() < 0.5:
        assigned(life)
    else:
        no_petition_at_law(life)
    life.take("withdraw", life.petitioner, life.later(1, 30), note=life.say("withdrawing"))


def script_erased(life: Life) -> None:
    answered(life)
    life.clock(min(life.now + 20 * DAY, life.stage.until))
    life.take("erase", life.stage.cast["quantri"], life.office(1, 5), rule="on-request")


def script_at_law(life: Life) -> None:
    """Complaint or denunciation: sealed, accepted by a decision, looked into, concluded."""
    kind = "complaint" if life.subfield.endswith("complaint-decision") else "denunciation"
    officer = life.who("donthu")
    if life.petition.sealed and life.petition.kind == kind:  # the machine suspected just that
        life.take("receive", officer, life.office(0, 3))
    else:
        life.take("seal", officer, life.office(0, 3), kind=kind)
    if life.rng.random() < 0.2:
        ground = "kn_time_barred" if kind == "complaint" else "unsigned"
        reason = str(Ground(ground).label)
        life.take("propose_refusal", officer, life.office(1, 5), ground=ground, reason=reason)
        life.take("confirm_refusal", life.who("daumoi"), life.office(0, 2))
        return
    life.take("assign", officer, life.office(0, 2), agency="inspectorate:48")
    number = f"{life.rng.randint(10, 900)}/QĐ-TL"
    signed = life.now.date().isoformat()
    at = life.office(1, 5)
    life.take("accept_for_handling", officer, at, decision_number=number, signed_on=signed)
    if life.rng.random() < 0.15:
        life.take("suspend", officer, life.office(2, 6), reason=life.say("suspending"))
        life.take("resume", officer, life.office(5, 20), reason="Có quyết định tiếp tục giải quyết.")
    if life.rng.random() < 0.3 and life.petition.due_at and life.petition.due_at > life.now + 5 * DAY:
        told: Told = {
            "reason": "Vụ việc phức tạp, phải xác minh nhiều nơi.",
            "interim_reply": life.say("interim"),
        }
        at = life.in_time(0.5)
        life.take("request_extension", life.handler(), at, complex_ground="many_places", **told)
        granted(life, life.office(0, 1))
    at = life.too_late() if life.rng.random() < 0.2 else life.in_time(0.5)
    outcome = life.rng.choice(("explained", "not_upheld", "explained"))
    text, _outcome = life.answer()
    life.take("draft_reply", life.handler(), at - 2 * HOUR, outcome=outcome, text=text)
    life.take("approve", life.approver(), max(at, life.now + 10 * MINUTE))


SCRIPTS: Mapping[str, Script] = {
    name.removeprefix("script_"): script
    for name, script in list(globals().items())
    if name.startswith("script_")
}
SCRIPTS = {**SCRIPTS, "explained": script_answered}
