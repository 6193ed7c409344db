"""What becomes of a letter: a petition, words told later, a report of a mail server, or a person's affair.

Every rule of filing and of telling later stands behind the doors that are called here, and nowhere in this
file. What a letter says of who sent it proves nothing: nobody learns anything of a petition by writing one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile, File
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from feedback import attachments, enclosures, notifications, pace, reach, workflow
from feedback.forms.following import InformForm
from feedback.intake import Receipt, receive
from feedback.letters import answering as letters_back
from feedback.letters import words
from feedback.letters.answering import Answering, LaterError, UnansweredError, Wire, named
from feedback.letters.reading import ENCIPHERED, Enclosed, Letter
from feedback.models import Notice, Petition, Step
from feedback.models.petition import BY_MAIL, Channel
from feedback.permissions import Holder
from feedback.steps import NotNow
from feedback.submission import Submission

LONGEST_NAME = 150
MOST_TRIED = 20  # files that are looked at, whatever a letter brings


class Came(StrEnum):
    """What a letter was."""

    FILED = "filed"
    TOLD = "told"
    REFUSED = "refused"  # a person's, and neither filed nor told
    MACHINE = "machine"
    REPORT = "reports"  # of a mail server: one of our letters reached nobody


class Why(StrEnum):
    """Why a person is to look at a letter."""

    FILE_LEFT = "file_not_kept"
    CUT = "words_not_looked_at_to_their_end"
    UNANSWERED = "could_not_be_answered"
    NO_SENDER = "from_nobody_or_several"
    OF_OFFICIAL = "answers_a_letter_to_an_official"
    MENDED = "from_an_address_that_was_mended"
    NOT_TAKEN = "not_taken"
    UNSURE = "perhaps_no_machine"
    LARGE = "too_large"
    UNREADABLE = "unreadable"
    ENCIPHERED = "enciphered"
    FAILED = "broke_us_or_waited_too_long"


@dataclass(frozen=True)
class Fate:
    """What it was, why a person is to look at it (none need: all of it is kept), and of which petition."""

    came: Came
    why: Why | None = None
    code: str = ""


# Whoever was written to as a sender; whether he still is one, `_tell` asks when he answers.
SENDERS = frozenset({Notice.PETITIONER, notifications.FORMER})


def take(letter: Letter, wire: Wire) -> Fate:
    """Do with a letter what it is for. Twice: it is filed and told once, and answered once.

    Raises LaterError where it is to be tried again, and what the database and the disk raise.
    """
    if letter.report:
        return _hear_report(letter)
    if fate := _of_no_person(letter):
        return fate
    if not _can_be_written_to(letter.address):
        return Fate(Came.REFUSED, Why.NO_SENDER)
    answering = Answering(letter, wire)
    if letter.is_enciphered:
        _refuse(answering, [str(NOBODY_READS)])
        return Fate(Came.REFUSED, Why.ENCIPHERED)
    answered = _answered(letter)
    own = [one for one in answered if one.address.casefold() == letter.address.casefold()]
    if any(notice.recipient not in SENDERS for notice in answered):
        return Fate(Came.REFUSED, Why.OF_OFFICIAL)  # his work is done on the desk
    if notice := next(iter(own), None):
        return _tell(letter, notice, letter.beyond(_ours_among(answered)), answering)
    if answered or any(map(letters_back.is_one, letter.answers)):
        text = letter.beyond(_ours_among(answered))
        elsewhere = any(notice.address for notice in answered)  # after an erasure nobody knows whose it was
        return _file(letter, text, answering, answers_another=elsewhere)
    return _file(letter, letter.said, answering)


def too_large(letter: Letter, wire: Wire, most: int) -> Fate:
    """`letter`: the head of one that is larger than `most` bytes; of its words nothing was read."""
    if fate := _of_no_person(letter):
        return fate
    if _can_be_written_to(letter.address):
        _refuse(Answering(letter, wire), [_("Thư lớn quá %(most)s MB.") % {"most": most // 1_048_576}])
    return Fate(Came.REFUSED, Why.LARGE)


# Of mailers that mark their automatic answers by nothing else.
AUTOMATIC = re.compile(
    r"^\s*(?:(?:thư )?trả lời tự động|auto(?:matic)?[- ]?reply|out of (?:the )?office)\s*(?:[:：]|$)",
    re.IGNORECASE,
)


def _of_no_person(letter: Letter) -> Fate | None:
    """Never answered, or two machines write to each other for ever; what may be a person's is looked at."""
    if letter.by_machine or letter.address.casefold() in _ours():
        return Fate(Came.MACHINE)
    if letter.unsure or AUTOMATIC.match(letter.subject):
        return Fate(Came.MACHINE, Why.UNSURE)
    return None


def _still_reads_there(notice: Notice) -> bool:
    return reach.address_of(notice.step.petition).casefold() == notice.address.casefold()


def _ours_among(answered: Sequence[Notice]) -> words.Ours:
    """All that may stand quoted in an answer to these letters, or to one of which the house keeps no row."""
    letters = [f"{notice.subject}\n{notice.body}".replace(notifications.HIDDEN, "…") for notice in answered]
    ends = (notifications.UNREAD, notifications.NOT_TOLD, notifications.ANSWERED)
    name, _address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return words.Ours([*letters, *letters_back.usual(), *ends], [name], _ours())


def _ours() -> frozenset[str]:
    return frozenset({settings.MAIL_ADDRESS.casefold(), f"khong-tra-loi@{settings.SITE.host}"})


def _can_be_written_to(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


# --- which of our letters it speaks of ------------------------------------------------------------------


MOST_NAMED_LETTERS = 200


def _letters_named(names: Iterable[str]) -> list[Notice]:
    """Ours among them, in this order; those of before, whose names anybody could guess, are none."""
    asked = list(dict.fromkeys(names))[:MOST_NAMED_LETTERS]
    rows = Notice.objects.filter(message_id__in=asked).select_related("step__petition", "user")
    known = {notice.message_id: notice for notice in rows if _is_unguessable(notice)}
    return [known[name] for name in asked if name in known]


def _is_unguessable(notice: Notice) -> bool:
    return notice.message_id == notifications.message_id(notice.step, notice.recipient, notice.channel)


def _answered(letter: Letter) -> list[Notice]:
    return _letters_named(letter.answers)


def _hear_report(letter: Letter) -> Fate:
    """A letter of ours that will never arrive is one that was refused."""
    report, now = letter.report, timezone.now()
    of = _letters_named(report.letters) if report else []
    told = {"codes": report.codes, "addresses": report.addresses} if report else {}
    heard = [notifications.came_back(notice, now=now, **told) for notice in of]
    return Fate(Came.REPORT if any(heard) else Came.MACHINE)


# --- files ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Files:
    """Those that are kept, with their digests, and a sentence for each other."""

    kept: Sequence[File[Any]]
    digests: frozenset[str]
    refused: Sequence[str]


def _looked_through(files: Sequence[Enclosed]) -> _Files:
    kept: list[File[Any]] = []
    digests: set[str] = set()
    refused: list[str] = []
    for number, file in enumerate(files):
        content = ContentFile(file.content, name=attachments.display_name(file.name))
        try:
            if len(kept) == settings.MAX_FILES or number >= MOST_TRIED:
                raise ValidationError(_one_too_many(file))
            if _is_outlooks(file):
                raise ValidationError(str(OUTLOOKS))
            if file.media_type in ENCIPHERED:
                raise ValidationError(str(NOBODY_READS))
            (clean,) = attachments.clean([content])
        except ValidationError as error:
            refused += error.messages
            continue
        content.seek(0)
        kept.append(content)
        digests.add(clean.sha256)
    return _Files(kept, frozenset(digests), refused)


def _left_of(letter: Letter, files: _Files) -> Why | None:
    """Why not all of it stands in the petition."""
    if files.refused:
        return Why.FILE_LEFT
    return Why.CUT if letter.is_cut else None


def _one_too_many(file: Enclosed) -> str:
    told = {"name": attachments.display_name(file.name), "most": settings.MAX_FILES}
    return _("Tệp “%(name)s” chưa được giữ: mỗi lần gửi kèm nhiều nhất %(most)s tệp.") % told


OUTLOOKS = _l(
    "Tệp “winmail.dat” là gói riêng của Outlook, không mở được ở nơi khác; xin gửi lại ở dạng HTML hoặc "
    "văn bản thường."
)


NOBODY_READS = _l(
    "Thư được mã hóa hoặc đóng gói kiểu S/MIME, PGP thì không ai ở đây mở được; xin gửi lại thư thường."
)


def _is_outlooks(file: Enclosed) -> bool:
    return file.media_type == "application/ms-tnef" or file.name.lower() == "winmail.dat"


# --- a petition -----------------------------------------------------------------------------------------


def _file(letter: Letter, text: str, answering: Answering, *, answers_another: bool = False) -> Fate:
    size = sum(len(file.content) for file in letter.files)
    if pace.is_filing_too_fast(letter.address.lower(), "mail", size=size):
        raise LaterError
    files = _looked_through(letter.files)
    try:
        receipt = receive(_submission(letter, text, files))
    except ValidationError as error:
        _refuse(answering, [*_sentences(error), *named(files.refused)])
        return Fate(Came.REFUSED, Why.NOT_TAKEN)
    code = receipt.petition.code
    try:
        _give_receipt(receipt, files, answering, answers_another=answers_another)
    except LaterError as error:
        error.code = code
        raise
    except UnansweredError:
        return Fate(Came.FILED, Why.UNANSWERED, code)
    return Fate(Came.FILED, _left_of(letter, files), code)


def _submission(letter: Letter, text: str, files: _Files) -> Submission:
    """Of the same letter the same petition and the same secret, which hangs on a name that nobody keeps."""
    key = f"{BY_MAIL}{hashlib.sha256(letter.name.encode()).hexdigest()}"[:64]
    return Submission(
        text=text,
        name=letter.sender[:LONGEST_NAME],
        email=letter.address,
        channel=Channel.EMAIL,
        key=key,
        browser=f"letter {letter.name}",
        files=tuple(files.kept),
    )


def _give_receipt(receipt: Receipt, files: _Files, answering: Answering, **more: bool) -> None:
    if not receipt.secret:  # another letter of this name and these words: its sender has his receipt
        return
    step = receipt.petition.steps.get(seq=1)
    names = list(receipt.petition.attachments.filter(evidence=False).order_by("pk").values_list("name"))
    kept = named([name for (name,) in names])
    refused = named(files.refused)
    answering.tell_of(step, "receipt", secret=receipt.secret, kept=kept, refused=refused, **more)


def _refuse(answering: Answering, why: Sequence[str], template: str = "not_filed", **context: Any) -> None:
    """Say why nothing was written down; where no letter can say it, the person who finds the letter does."""
    try:
        answering.tell(template, why=why, **context)
    except UnansweredError:
        return


def _sentences(error: ValidationError) -> list[str]:
    return list(dict.fromkeys(error.messages))


# --- words told later -----------------------------------------------------------------------------------


def _tell(letter: Letter, notice: Notice, text: str, answering: Answering) -> Fate:
    """Words to a petition by whoever was written to of it, as he would type them on its page."""
    files = _looked_through(letter.files)
    text = text or (enclosures.WITH_IT % len(files.kept) if files.kept else "")
    which, code = _digest(letter, text, files), notice.step.petition.code
    told = notice.step.petition.steps.filter(action="inform", facts__letter=which).first()
    if told is None and not _still_reads_there(notice):
        return _of_a_former(answering, code)
    if told is None:
        told, why = _informed(notice, text, files, which)
        if told is None:
            _refuse(
                answering, [*why, *named(files.refused)], "not_told", code=notice.step.petition.printed_code
            )
            return Fate(Came.REFUSED, Why.NOT_TAKEN, code)
    try:
        refused, more = named(files.refused), _more_to_do(told.petition)
        answering.tell_of(told, "told", refused=refused, files=len(files.kept), **more)
    except LaterError as error:
        error.code = code
        raise
    except UnansweredError:
        return Fate(Came.TOLD, _left_of(letter, files), code)
    return Fate(Came.TOLD, _left_of(letter, files), code)


def _of_a_former(answering: Answering, code: str) -> Fate:
    """The address that it comes from was mended since: he is somebody else, and hears just that it is so."""
    _refuse(answering, (), "moved")
    return Fate(Came.REFUSED, Why.MENDED, code)


def _more_to_do(petition: Petition) -> dict[str, Any]:
    """What his words alone did not do, where he may have meant it, and the last day for it."""
    may = workflow.available(petition, Holder(petition.pk))
    ends = petition.window_ends_at
    return {
        "reopens": "reopen" in may,
        "appeals": "appeal" in may,
        "last_day": ends - dt.timedelta(seconds=1) if ends else None,
    }


def _digest(letter: Letter, text: str, files: _Files) -> str:
    """Tells this letter from one that says the same on another day (“Chưa.”), and names it to nobody."""
    told = "\0".join([letter.name, text, *sorted(files.digests)])
    return salted_hmac("letter", told, settings.IDENTITY_KEY, algorithm="sha256").hexdigest()


def _informed(notice: Notice, text: str, files: _Files, which: str) -> tuple[Step | None, list[str]]:
    """The step that keeps them; else none, and why: what the page would have said or asked."""
    petition = notice.step.petition
    form = InformForm({"text": text}, MultiValueDict({"files": list(files.kept)}), petition=petition)
    if not form.is_valid():
        return None, [str(said) for errors in form.errors.values() for said in errors]
    said = form.told()
    try:
        step = enclosures.take(
            petition, form.action, by=Holder(petition.pk), files=said.pop("files", ()), letter=which, **said
        )
    except (NotNow, PermissionDenied):
        return None, [str(form.too_late)]
    except ValidationError as error:
        return None, _sentences(error)
    return step, []
