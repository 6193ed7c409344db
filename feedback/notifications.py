"""Who is told what after a step: one table, one template per action, one row per step, person and channel.

A notice says that something happened and where to read it; it never holds a citizen's words, name or
secret, and of a sealed petition nothing that tells what it is about.
"""

from __future__ import annotations

import datetime as dt
import re
import smtplib
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q, QuerySet, prefetch_related_objects
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.links import link_to
from accounts.models import Post, Role, User
from feedback import codes, followups, ladder, locking, pace, reach
from feedback.facts import Ground
from feedback.followups import Write, after, in_one_go, outside
from feedback.hearers import Hearing
from feedback.models import Contact, Escalation, Notice, Petition, Step
from feedback.models.step import LATER_WORDS
from feedback.permissions import INTAKE, WORKERS, lead_handler_afresh
from feedback.public import masked
from feedback.workflow import ACTIONS, State
from routing.kept import row
from routing.models import Agency
from routing.models.agencies import is_focal_point

# A mail server that is away, or did not take a letter.
NOT_TAKEN = (OSError, smtplib.SMTPException, ValueError)
SEND = "feedback.notifications.send"
# Three days of an absent mail server: each try waits twice as long as the last, at most an hour.
MOST_TRIES = 80
# Letters to one address that anybody can bring about by a form, in so many seconds.
MOST_UNASKED, UNASKED_S = 20, 60 * 60
# A step told to many over a slow wire goes on in the next try, well before its lease is over.
SENDING_S = followups.LEASE.total_seconds() / 2


@dataclass(frozen=True)
class Recipient:
    """One person to be told; `key` makes the row unique, `party` is how the template addresses him.

    Keys: `petitioner`; `user:<id>` for an official, of what he may see; `admin:<id>` of the house itself.
    """

    key: str
    party: str
    address: str = ""
    user: User | None = None


class Occasion:
    """A step as it is told: what stood in it then, not what the petition has become since."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.petition = step.petition
        self.hearing = Hearing(step.petition)

    @cached_property
    def lead(self) -> Agency | None:
        return row(Agency, self.step.lead_agency)

    @cached_property
    def asker(self) -> Agency | None:
        """Whose question it is."""
        return row(Agency, self.step.asker)

    @cached_property
    def former(self) -> Agency | None:
        """Who led before this step."""
        before = self._last(seq=self.step.seq - 1)
        return row(Agency, before.lead_agency) if before else None

    @property
    def facts(self) -> Mapping[str, Any]:
        facts: Mapping[str, Any] = self.step.facts
        return facts

    @cached_property
    def words(self) -> Mapping[str, str]:
        """What an official wrote with the step, as it stands: for what is no person's affair."""
        return self.step.said

    @property
    def rung(self) -> ladder.Rung | None:
        """What fell due."""
        return ladder.RUNGS.get(str(self.facts.get("rung", "")))

    @property
    def fell_due_at(self) -> dt.datetime | None:
        told = self.facts.get("fell_due_at")
        return dt.datetime.fromisoformat(told) if told else None

    @property
    def reason(self) -> str:
        """Why, with what looks like personal data blacked out; that of the request for more time."""
        told = self.step
        if told.action == "grant_extension":
            told = self._last(action="request_extension") or told
        return masked(told.said.get("reason", ""))

    @property
    def ground(self) -> str:
        """Why it is not taken in, in the words of the list."""
        proposal = self._last(action="propose_refusal")
        ground = proposal.facts.get("ground", "") if proposal else ""
        return str(Ground(ground).label) if ground in Ground.values else ""

    @property
    def plan_date(self) -> dt.date | None:
        """The day that the approved answer promises."""
        draft = self._last(action="draft_reply")
        promised = draft.facts.get("plan_date") if draft else None
        return dt.date.fromisoformat(promised) if promised else None

    def actor_of(self, action: str) -> User | None:
        """Who last did this, up to now."""
        found = self._last(action=action)
        return found.by if found else None

    def _last(self, **which: Any) -> Step | None:
        rows = Step.objects.filter(petition_id=self.step.petition_id, seq__lte=self.step.seq, **which)
        return rows.order_by("-seq").first()


# --- who ------------------------------------------------------------------------------------------------

Who = Callable[[Occasion], Iterator[Recipient]]


def petitioner(occasion: Occasion) -> Iterator[Recipient]:
    """Whoever filed it; without an address the notice waits on the follow page alone."""
    address = reach.address_of(occasion.petition)
    yield Recipient(Notice.PETITIONER, "petitioner", address, occasion.petition.petitioner)


def petitioner_of_a_hop(occasion: Occasion) -> Iterator[Recipient]:
    """Whoever filed it, where another leads from now on."""
    if occasion.former != occasion.lead:
        yield from petitioner(occasion)


def lead_people(occasion: Occasion) -> Iterator[Recipient]:
    """Its handlers, or its approvers where it has none; at the focal point the people of the intake."""
    yield from _first_found(occasion, "lead", occasion.lead, *WORKERS)


def lead_people_afresh(occasion: Occasion) -> Iterator[Recipient]:
    """Whoever of the lead may take on what was reopened: its handlers, or its approvers where none may.

    Not the first drafter, who is told as one of the lead that it needs another.
    """
    lead = occasion.lead
    of_intake = lead is not None and is_focal_point(lead.code)
    posts = [_intake_posts(occasion)] if of_intake else [Q(role=role, agency=lead) for role in WORKERS]
    for held in posts:
        told = [one for one in _people(occasion, "afresh", held) if _may_take_afresh(one, occasion.petition)]
        yield from told
        if told:
            return


def _may_take_afresh(recipient: Recipient, petition: Petition) -> bool:
    return recipient.user is not None and lead_handler_afresh(recipient.user, petition)


def former_people(occasion: Occasion) -> Iterator[Recipient]:
    """Whoever led until this step took it away."""
    if occasion.former and occasion.former != occasion.lead:
        yield from _first_found(occasion, "former", occasion.former, *WORKERS)


def lead_approvers(occasion: Occasion) -> Iterator[Recipient]:
    yield from _people(occasion, "approver", Q(role=Role.APPROVER, agency=occasion.lead))


def superior_approvers(occasion: Occasion) -> Iterator[Recipient]:
    superior = occasion.petition.superior_of(occasion.lead)
    yield from _people(occasion, "superior", Q(role=Role.APPROVER, agency_id=superior or ""))


def answer_approvers(occasion: Occasion) -> Iterator[Recipient]:
    """Whoever may send the draft: the lead's approvers, or its superior's where the rule says so."""
    whose = superior_approvers if occasion.petition.needs_superior else lead_approvers
    judged = {f"user:{pk}" for pk in occasion.petition.decided_before()}
    yield from (recipient for recipient in whose(occasion) if recipient.key not in judged)


def intake(occasion: Occasion) -> Iterator[Recipient]:
    yield from _people(occasion, "intake", _intake_posts(occasion))


def intake_of_a_doubt(occasion: Occasion) -> Iterator[Recipient]:
    """Whoever asked says that the machine misunderstood: a person looks again."""
    if occasion.facts.get("doubts"):
        yield from intake(occasion)


def other_intake(occasion: Occasion) -> Iterator[Recipient]:
    """After a contest none of the two who refused decides again."""
    refused = {f"user:{pk}" for pk in occasion.petition.refused_by}
    yield from (recipient for recipient in intake(occasion) if recipient.key not in refused)


def second_persons(occasion: Occasion) -> Iterator[Recipient]:
    yield from _people(occasion, "second", _intake_posts(occasion) | _over(occasion, Role.SUPERVISOR))


def petition_officers(occasion: Occasion) -> Iterator[Recipient]:
    yield from _people(occasion, "officer", _over(occasion, Role.PETITION_OFFICER))


def reviewers(occasion: Occasion) -> Iterator[Recipient]:
    yield from _people(occasion, "reviewer", _over(occasion, Role.REVIEWER))


def agencies_asked(occasion: Occasion) -> Iterator[Recipient]:
    asked = occasion.facts.get("agencies", ())
    yield from _people(occasion, "asked", Q(role=Role.HANDLER, agency_id__in=asked))


def reminded(occasion: Occasion) -> Iterator[Recipient]:
    """The very people whom the step says it told; who only watches from above cannot open it."""
    posts = Q(user__username__in=occasion.facts.get("sent_to", ()))
    for recipient in _people(occasion, "reminded", posts):
        seen = Petition.objects.visible_to(recipient.user).filter(pk=occasion.petition.pk)
        yield recipient if seen.exists() else replace(recipient, party="above")


def drafter(occasion: Occasion) -> Iterator[Recipient]:
    yield from _one(occasion, "drafter", occasion.actor_of("draft_reply"))


def asker(occasion: Occasion) -> Iterator[Recipient]:
    yield from _one(occasion, "asker", occasion.actor_of("request_extension"))


def demander(occasion: Occasion) -> Iterator[Recipient]:
    yield from _one(occasion, "demander", occasion.actor_of("demand_report"))


def _first_found(occasion: Occasion, party: str, agency: Agency | None, *roles: Role) -> Iterator[Recipient]:
    """People of the first of these roles that anybody holds there."""
    if agency and is_focal_point(agency.code):
        yield from _people(occasion, party, _intake_posts(occasion))
        return
    held = (role for role in roles if Post.objects.filter(role=role, agency=agency).exists())
    for role in held:
        yield from _people(occasion, party, Q(role=role, agency=agency))
        return


def _intake_posts(occasion: Occasion) -> Q:
    return _over(occasion, *INTAKE)


def _over(occasion: Occasion, *roles: Role) -> Q:
    return Post.covering(occasion.petition.territory_id) & Q(role__in=roles)


def _people(occasion: Occasion, party: str, posts: Q) -> Iterator[Recipient]:
    people: QuerySet[User] = User.objects.filter(pk__in=Post.objects.filter(posts).values("user"))
    for user in people.order_by("pk"):
        yield from _one(occasion, party, user)


def _one(occasion: Occasion, party: str, user: User | None) -> Iterator[Recipient]:
    """Nobody is told of what he did himself, or of what he may not hear."""
    if user and user.is_active and user.pk != occasion.step.by_id and occasion.hearing.may(user):
        yield Recipient(f"user:{user.pk}", party, user.email, user)


WHO_IS_TOLD: Mapping[str, tuple[Who, ...]] = {
    "submit": (petitioner,),
    "ask": (petitioner,),
    "inform": (lead_people, intake_of_a_doubt),
    "propose_refusal": (second_persons,),
    "confirm_refusal": (petitioner,),
    "contest": (other_intake,),
    "redirect": (petitioner,),
    "assign": (petitioner, lead_people),
    "accept": (petitioner,),
    "accept_for_handling": (petitioner, lead_people),
    "dialogue": (petitioner, lead_people, petition_officers),
    "announce": (petitioner,),
    "return_": (intake,),
    "transfer": (petitioner, lead_people, former_people, intake),
    "lift": (petitioner, lead_people, former_people, intake),
    "accuse": (petitioner_of_a_hop, lead_people, former_people, intake),
    "coordinate": (agencies_asked,),
    "contribute": (lead_people,),
    "split": (petitioner,),
    "suspend": (petitioner, lead_people),
    "resume": (petitioner, lead_people),
    "request_extension": (lead_approvers,),
    "grant_extension": (petitioner, asker),
    "report": (demander,),
    "draft_reply": (answer_approvers,),
    "send_back": (drafter,),
    "approve": (petitioner, drafter),
    "fulfil": (petitioner,),
    "reopen": (lead_people_afresh, lead_people, superior_approvers),
    "close": (petitioner,),
    "withdraw": (lead_people,),
    "merge": (petitioner,),
    "unmerge": (petitioner,),
    "seal": (petition_officers,),
    "offer_publication": (petitioner,),
    "agree_publication": (reviewers,),
    "publish": (petitioner,),
    "unpublish": (petitioner,),
    "refuse_publication": (reviewers,),
    "remind": (lead_people, lead_approvers),
    "demand_report": (lead_people, lead_approvers),
    "escalate": (reminded,),
}

# Nobody is written to about these, and why.
SILENT: Mapping[str, str] = {
    "read": "a proposal; danger to life is told at once by a step of its own, `escalate`",
    "receive": "one letter for receipt and assignment: `assign` names the agency and the due moment",
    "rate": "the petitioner did it himself; the lead reads the score on the petition and in its figures",
    "appeal": "the new petition writes of itself, by its own `submit`",
    "appeal_overdue": "the same; the lead reads it in the timeline",
    "reclassify": "the desk's own order; what changes for the petitioner is told by the step that follows",
    "clear_doubt": "nothing of it moves, and nobody else knows of the doubt",
    "clear_accused": "the intake's own order; where it comes into other hands the step that follows writes",
    "note": "a remark among officials, read where it stands",
    "declare": "the officer's own record; its clock speaks up where time runs out",
    "recount": "a day off for the whole country; list and page show the new moment",
    "erase": "address and words are gone; there is nobody to write to and nothing to say",
}


# --- writing them down ----------------------------------------------------------------------------------


def notify_all(steps: Sequence[Step], *, now: dt.datetime | None = None) -> Write:
    """`notify` of many."""
    now = now or timezone.now()
    prefetch_related_objects([step.petition for step in steps], "contact")
    told = [(step, _notices(Occasion(step), now)) for step in steps]
    return partial(_keep, [(step, notices) for step, notices in told if notices])


@in_one_go(notify_all)
@after(*WHO_IS_TOLD)
def notify(step: Step, *, now: dt.datetime | None = None) -> Write:
    """Write the notices of a step; sending is another follow-up, so that it may fail and wait alone.

    Twice: the rows are unique. Never: `catch_up` finds it waiting.
    """
    return notify_all([step], now=now)


def _notices(occasion: Occasion, now: dt.datetime) -> list[Notice]:
    recipients: dict[str, Recipient] = {}
    for who in WHO_IS_TOLD[occasion.step.action]:
        for recipient in who(occasion):
            recipients.setdefault(recipient.key, recipient)
    told = _told_by_alarm(occasion.step)
    return [_notice(occasion, one, now) for one in recipients.values() if one.key not in told]


def _told_by_alarm(step: Step) -> set[str]:
    """Who is told already that these words speak of danger: of what is sealed no other letter says more."""
    if step.action not in LATER_WORDS or not step.petition.sealed:
        return set()
    alarm = Escalation.objects.filter(petition=step.petition_id, rung=ladder.SAID_LATER, of=step.at)
    letters = Notice.objects.filter(step__in=alarm.values("step"))
    return set(letters.values_list("recipient", flat=True))


def _spare(step: Step, notices: Sequence[Notice]) -> None:
    """The other way round: it is the alarm's turn, and the letter about its words is still here."""
    if step.action != "escalate" or not step.petition.sealed:
        return
    said_at = Escalation.objects.filter(step=step, rung=ladder.SAID_LATER).values("of")
    words = Step.objects.filter(petition=step.petition_id, action__in=LATER_WORDS, at__in=said_at)
    waiting = Notice.objects.filter(sent_at__isnull=True, recipient__in=[one.recipient for one in notices])
    waiting.filter(step__in=words).delete()


def _keep(told: Sequence[tuple[Step, list[Notice]]]) -> None:
    """An erased petition gets no new words: erasing waits for this row's lock or was before."""
    rows = Petition.objects.select_for_update(of=("self",)).order_by("pk")
    alive = rows.filter(pk__in={step.petition_id for step, _notices in told}, erased_at__isnull=True)
    keys = set(alive.values_list("pk", flat=True)) if told else set()
    written = [(step, notices) for step, notices in told if step.petition_id in keys]
    _write_down(written)
    for step, notices in written:
        _spare(step, notices)


@after()  # planned by `followups`, where a row was given up
def tell_administrators(step: Step) -> Write:
    """Something after this step cannot be done: said without a word of the petition, not even its code.

    So also of a sealed one, which they may not see. Twice: the rows are unique. Never: it stands in `/readyz`
    and in the administrators' list all the same.
    """
    occasion, now = Occasion(step), timezone.now()
    posts = Post.objects.filter(_over(occasion, Role.ADMINISTRATOR), user__is_active=True)
    people = {post.user for post in posts.select_related("user").order_by("user_id")}
    who = [Recipient(f"admin:{user.pk}", "admin", user.email, user) for user in people]
    return partial(_write_down, [(step, [_notice(occasion, one, now, template="given_up") for one in who])])


def _write_down(told: Sequence[tuple[Step, list[Notice]]]) -> None:
    Notice.objects.bulk_create((notice for _step, of in told for notice in of), ignore_conflicts=True)
    for step, notices in told:
        if any(notice.channel == Notice.Channel.EMAIL for notice in notices):
            followups.add(step, SEND)


def _notice(occasion: Occasion, recipient: Recipient, now: dt.datetime, *, template: str = "") -> Notice:
    step = occasion.step
    by_mail = bool(settings.EMAIL_URL and recipient.address) and not _is_told_by_receipt(occasion, recipient)
    by_mail = by_mail and not _floods(occasion, recipient)
    channel = Notice.Channel.EMAIL if by_mail else Notice.Channel.OUTBOX
    subject, body = _letter(occasion, recipient, template)
    return Notice(
        step=step,
        recipient=recipient.key,
        user=recipient.user,
        channel=channel,
        address=recipient.address if by_mail else "",
        subject=subject,
        body=body,
        message_id=message_id(step, recipient.key, channel),
        created_at=now,
    )


def message_id(step: Step, recipient: str, channel: str) -> str:
    """For ever the same for one row, and nobody's to guess: whoever names it was written to, or knows it
    from one who was."""
    told = f"{step.petition.code}.{step.seq}.{recipient}.{channel}"
    made = salted_hmac("message id", told, settings.IDENTITY_KEY, algorithm="sha256")
    return f"<{made.hexdigest()[:40]}@hoiam>"


def _is_told_by_receipt(occasion: Occasion, recipient: Recipient) -> bool:
    """Whoever filed by mail gets his receipt as the answer to it (`letters.answering`), and no second one."""
    return (
        occasion.step.action == "submit"
        and recipient.key == Notice.PETITIONER
        and occasion.petition.came_by_mail
    )


def _floods(occasion: Occasion, recipient: Recipient) -> bool:
    """Whoever types another's address into many forms fills no letter box: the rest stays in the house.

    Counted is what follows without a hand of ours; what an official does is always told.
    """
    unasked = occasion.step.by_id in (None, occasion.petition.petitioner_id)
    return (
        unasked
        and recipient.key == Notice.PETITIONER
        and pace.is_too_fast("letters", recipient.address.lower(), most=MOST_UNASKED, window_s=UNASKED_S)
    )


def _letter(occasion: Occasion, recipient: Recipient, template: str = "") -> tuple[str, str]:
    """Its subject and its words."""
    name = template or ("sealed" if occasion.petition.sealed else occasion.step.action)
    context: dict[str, Any] = {
        "on": occasion,
        "petition": occasion.petition,
        "code": occasion.petition.printed_code,
        "lead": occasion.lead,
        "due": occasion.step.due_at,
        "party": recipient.party,
        "to_citizen": recipient.key == Notice.PETITIONER,
        "follow": link_to("feedback:track"),
        "said_in": codes.printed(str(occasion.facts.get("said_in", ""))),
        "main": codes.printed(str(occasion.facts.get("main", ""))),
        "desk": link_to("feedback:petition", occasion.petition.code),
        "given_up": f"{link_to('admin:feedback_followup_changelist')}?dead__exact=1",
        "public": link_to("publication:petition", occasion.petition.code),
    }
    return written(f"notifications/{name}.txt", context)


def written(template: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and body of a letter: the first line of the template, and the rest."""
    subject, _, body = render_to_string(template, dict(context)).strip().partition("\n")
    return " ".join(subject.split())[:200], body.strip()


# --- sending them ---------------------------------------------------------------------------------------


UNREAD = "Thư này được gửi tự động; không ai đọc thư trả lời về địa chỉ gửi."
NOT_TOLD = "Thư này được gửi tự động; lời trả lời thư này không được ghi vào đơn."
ANSWERED = (
    "Bạn trả lời được thư này: lời bạn viết được ghi cùng mã trên, không ghi được thì có thư báo vì sao."
)


def closing(recipient: str = "", *, heard: bool = True) -> str:
    """The last line of a letter: what becomes of an answer to it, from its recipient (`Recipient.key`).

    `heard`: whether anything may be told of its petition now.
    """
    if not (settings.MAIL_ADDRESS and settings.MAIL_DIR):
        return UNREAD
    return ANSWERED if heard and recipient == Notice.PETITIONER else NOT_TOLD


class SendingError(Exception):
    """Some letters of a step are still to be sent; says how many and why, never to whom."""


@outside(most_attempts=MOST_TRIES, is_named=lambda: bool(settings.EMAIL_URL))
@after()  # planned by `_keep`, where there is something to send
def send(step: Step) -> None:
    """Send what is not sent yet, each letter marked as soon as the server took it, or knows no such address.

    Cut off in between, that one letter goes out again under the same Message-ID; the others do not.
    Raises SendingError where any is left; what was taken stays marked.
    """
    mail = step.notices.filter(channel=Notice.Channel.EMAIL).exclude(body="")  # erased, or silenced
    notices = list(mail.filter(sent_at__isnull=True, refused_at__isnull=True).order_by("pk"))
    if not notices:
        return
    with get_connection() as wire:
        left = _sent_one_by_one(notices, wire)
    if left:
        raise SendingError(f"{len(left)}/{len(notices)}: {', '.join(sorted(set(left)))}")


def _sent_one_by_one(notices: list[Notice], wire: BaseEmailBackend) -> list[str]:
    """Why each of the letters that are left did not go; a refused one holds up no other."""
    left = []
    until = time.monotonic() + SENDING_S
    for notice in notices:
        if time.monotonic() > until:
            left.append("out of time")
            continue
        if why := _why_left(notice, wire):
            left.append(why)
    return left


def _why_left(notice: Notice, wire: BaseEmailBackend) -> str:
    """Why it did not go, "" where it did or never will; not the error's text, which may hold the address."""
    try:
        if not _still_may_hear(notice):
            _silence(Notice.objects.filter(pk=notice.pk))
        elif address := goes_to(notice):
            _send(notice, address, wire)
        # Else it waits: whoever tells an address has it sent (`readdress`).
    except NOT_TAKEN as error:
        if not knows_no_such_address(error):
            return type(error).__name__
        return "" if _mark(notice, refused_at=timezone.now()) else "readdressed"
    except ElsewhereError:
        return "readdressed"
    return ""


# What a server says that knows no such address (RFC 3463, 5.1 and 5.2.1). Whatever else it refuses (us, our
# sender, a full box) may be mended, and the letter waits.
NOBODY_THERE = re.compile(
    rb"\b5\.(?:1\.(?:1|2|3|6|10)|2\.1)\b|no such (?:user|person|recipient|mailbox|address)"
    rb"|unknown (?:user|recipient|mailbox)|does(?: not|n't) exist"
    rb"|(?:user|recipient|mailbox|address)\W+(?:\S+\W+)?(?:unknown|not found)",
    re.IGNORECASE,
)


# It speaks of us instead: our sender's address, our name, our machine, our right to send (5.7). What it was
# told of our address by a machine that it asked stands within, so these words count wherever they stand.
ABOUT_US = re.compile(
    rb"sender|envelope|verif|\bhelo\b|\behlo\b|client host|\byour ip\b|reverse dns|password|\b5\.7\.\d",
    re.IGNORECASE,
)


def knows_no_such_address(error: Exception) -> bool:
    """Refused for good: tried again it would be refused again."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    answers = error.recipients.values()
    return bool(answers) and all(code // 100 == 5 and _is_of_the_address(words) for code, words in answers)


def _is_of_the_address(words: bytes) -> bool:
    return bool(NOBODY_THERE.search(words)) and not ABOUT_US.search(words)


FORMER = "former"  # the key of whoever read a sender's letters until his address was mended


def goes_to(notice: Notice) -> str:
    """Where this letter may go at this moment; "" where nowhere.

    Whoever sends asks here and not the row, which says where it went last, or was tried: addresses are mended
    while letters wait.
    """
    if notice.recipient == Notice.PETITIONER:
        return reach.address_now(notice.step.petition_id)
    if notice.recipient == FORMER:
        is_his_again = reach.address_now(notice.step.petition_id).casefold() == notice.address.casefold()
        return "" if is_his_again else notice.address
    official = User.objects.filter(notices=notice).first()  # as he is now: `notice.user` may be older
    return official.email if official else ""


def readdress(step: Step, *, former: str) -> None:
    """By this step the sender's address was mended: what he never got and still matters goes where he reads
    now, and whoever was written to at `former` hears that it does not come there any more.

    Not whoever was said not to be the sender; and "" is nobody.
    """
    petition, address = step.petition, reach.address_of(step.petition)
    if settings.EMAIL_URL and _was_written_to(petition, former) and not petition.contact.disowns(former):
        told = Recipient(FORMER, FORMER, former)
        _write_down([(step, [_notice(Occasion(step), told, step.at, template="readdressed")])])
    if address:
        told_anew = _still_to_be_told(petition)
        _silence(_waiting_for_him(petition).exclude(pk__in=[one.pk for one in told_anew]))
        for notice in told_anew:
            _write_anew(notice, address, step.at)


def _was_written_to(petition: Petition, address: str) -> bool:
    """Whether a server took a letter to the sender for this address; never for ""."""
    his = Notice.objects.filter(step__petition=petition, recipient=Notice.PETITIONER)
    sent = his.filter(sent_at__isnull=False)
    return bool(address) and any(one.address.casefold() == address.casefold() for one in sent)


def _waiting_for_him(petition: Petition) -> QuerySet[Notice]:
    """Letters to its sender that would go out by themselves, each in its own time."""
    his = Notice.objects.filter(step__petition=petition, recipient=Notice.PETITIONER)
    return his.filter(channel=Notice.Channel.EMAIL, sent_at__isnull=True, refused_at__isnull=True)


# What letters tell that stays worth reading, whatever came after them: of each of these the last.
TELLS: Mapping[str, str] = {
    "approve": "answer",
    "fulfil": "answer",
    "confirm_refusal": "answer",
    "redirect": "answer",
    "offer_publication": "public",
    "publish": "public",
    "unpublish": "public",
    "accept_for_handling": "at law",
    "dialogue": "dialogue",
    "announce": "decision",
    "ask": "question",
}


def _still_to_be_told(petition: Petition) -> list[Notice]:
    """The letters that its sender never got and that still tell him something, and the open question anew:
    the last of each sort, and the last of all. Oldest first."""
    his = Notice.objects.filter(step__petition=petition, recipient=Notice.PETITIONER).order_by("step__seq")
    his = his.exclude(body="").exclude(body__contains=HIDDEN).select_related("step")
    if not settings.EMAIL_URL:
        his = his.filter(channel=Notice.Channel.EMAIL)  # they wait for a server
    if petition.came_by_mail:
        his = his.exclude(step__action="submit")  # his receipt is the answer to his letter
    if not _waits_for_him(petition):
        his = his.exclude(step__action="ask")
    letters = list(his)
    last_of = {TELLS[one.step.action]: one for one in letters if one.step.action in TELLS}
    last = {one.pk for one in (*last_of.values(), *letters[-1:])}
    told = (one for one in letters if one.pk in last)
    return [one for one in told if one.sent_at is None or one.step.action == "ask"]


def _waits_for_him(petition: Petition) -> bool:
    """His answer is waited for, also once what it was merged into is taken from it again."""
    merged = petition.state == State.MERGED
    return (petition.state_before_merging if merged else petition.state) == State.NEEDS_INFO


def _write_anew(notice: Notice, address: str, now: dt.datetime) -> None:
    channel = Notice.Channel.EMAIL
    Notice.objects.filter(pk=notice.pk).update(
        channel=channel,
        address=address,
        message_id=message_id(notice.step, notice.recipient, channel),
        created_at=now,
        sent_at=None,
        refused_at=None,
    )
    followups.anew(notice.step, SEND)


HIDDEN = "(chỉ có trong thư đã gửi)"  # where a secret stood, in what the house keeps of a letter


def send_again(notices: QuerySet[Notice]) -> int:
    """Letters that a server refused for good are tried anew, the sender's where he reads now: it, or the
    address, was mended. How many; a letter that told a secret is none of them, for nobody has it any more."""
    told = notices.filter(refused_at__isnull=False).exclude(body="").exclude(body__contains=HIDDEN)
    with transaction.atomic():
        locking.hold(set(told.values_list("step__petition", flat=True)))  # who mends an address does so too
        refused = [one for one in told.select_related("step") if goes_to(one)]
        for one in refused:
            Notice.objects.filter(pk=one.pk).update(refused_at=None, created_at=timezone.now())
        of_senders = [one.step.petition_id for one in refused if one.recipient == Notice.PETITIONER]
        Contact.objects.filter(petition__in=of_senders).update(unreached_since=None)
        for step in {one.step_id: one.step for one in refused}.values():
            followups.anew(step, SEND)
    return len(refused)


def _still_may_hear(notice: Notice) -> bool:
    """Whoever came to be complained about, or shut out by a seal, while the letter waited hears nothing."""
    if notice.user is None or not notice.recipient.startswith("user:"):
        return True
    return Hearing(Petition.objects.get(pk=notice.step.petition_id)).may(notice.user)


def _silence(notices: QuerySet[Notice]) -> None:
    """The rows stay, as after an erasure: that somebody was to be told, without address and words."""
    notices.update(subject="", body="", address="")


def _send(notice: Notice, address: str, wire: BaseEmailBackend) -> None:
    """To this address, which stands in its row from now on; of what is erased meanwhile stands none."""
    if notice.address != address:
        notice.address = address
        Notice.objects.filter(pk=notice.pk).exclude(body="").update(address=address)
    heard = notice.step.petition.state in ACTIONS["inform"].sources
    EmailMessage(
        notice.subject,
        f"{notice.body}\n\n{closing(notice.recipient, heard=heard)}",
        to=[address],
        headers={"Message-ID": notice.message_id, "Auto-Submitted": "auto-generated"},
        connection=wire,
    ).send()
    if not _mark(notice, sent_at=timezone.now()):
        raise ElsewhereError


class ElsewhereError(Exception):
    """The address was mended while the letter was on its way to the old one: it goes out once more."""


def _mark(notice: Notice, **moment: dt.datetime) -> bool:
    """What became of it; by the last one it is known whether letters reach the sender.

    False, and nothing is marked, where its address was mended meanwhile.
    """
    with transaction.atomic():
        locking.hold([notice.step.petition_id])  # who mends its address holds it
        if goes_to(notice).casefold() != notice.address.casefold():
            return False
        Notice.objects.filter(pk=notice.pk, sent_at__isnull=True).update(**moment)
    _know_reach(notice, moment.get("refused_at"))
    return True


def _know_reach(notice: Notice, refused: dt.datetime | None) -> None:
    """Of the address that stands now: what becomes of a letter to one that was mended says nothing of it."""
    stands = reach.address_now(notice.step.petition_id)
    if notice.recipient == Notice.PETITIONER and notice.address.casefold() == stands.casefold():
        contacts = Contact.objects.filter(petition=notice.step.petition_id)
        contacts.filter(unreached_since__isnull=refused is not None).update(unreached_since=refused)


def came_back(notice: Notice, *, codes: Iterable[str], addresses: Collection[str], now: dt.datetime) -> bool:
    """What a server took for another, which then knew no such address (`codes` of RFC 3463): as if it had
    been refused at once. False where it may arrive yet, or came where it was sent anew; twice: nothing more.

    `addresses`: of whom the report speaks, in small letters.
    """
    if notice.refused_at or not any(NOBODY_THERE.search(code.encode()) for code in codes):
        return False
    if notice.address.casefold() not in addresses and _reached_before(notice, addresses):
        return False
    Notice.objects.filter(pk=notice.pk).update(sent_at=None, refused_at=now)
    _know_reach(notice, now)
    return True


def _reached_before(notice: Notice, addresses: Collection[str]) -> bool:
    """Whether its sender read at one of these until his address was mended, or was thought to."""
    formers = Notice.objects.filter(step__petition=notice.step.petition_id, recipient=FORMER)
    contact = notice.step.petition.sender
    was_not_his = contact is not None and any(map(contact.disowns, addresses))
    return was_not_his or any(one.address.casefold() in addresses for one in formers)


def keep_sent(notice: Notice) -> None:
    """A letter that was sent, or refused, already: its row, unless all words of the petition were erased
    meanwhile."""
    with transaction.atomic():
        rows = Petition.objects.select_for_update(of=("self",))
        if rows.filter(pk=notice.step.petition_id, erased_at__isnull=True).exists():
            Notice.objects.bulk_create(
                [notice],
                update_conflicts=True,
                unique_fields=["step", "recipient", "channel"],
                update_fields=["subject", "body", "sent_at", "refused_at"],
            )
            _know_reach(notice, notice.refused_at)
