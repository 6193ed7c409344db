"""The public copy of a petition: what stands in it, and how it follows the petition's steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from feedback.models import Objection, Petition, PublicPetition, PublicPicture, Reply, Step
from feedback.redaction import (
    hidden_words,
    known_of,
    legible,
    masked,
    only_hides_more,
    quoted,
    without,
)
from feedback.workflow.conditions import not_in_doubt
from routing.models import Commune

Point = tuple[float | None, float | None]
NOWHERE: Point = (None, None)
POINT_DIGITS = 3  # of a degree: a hundred metres


def published() -> QuerySet[PublicPetition]:
    """The reviewed copies that everybody reads, newest first."""
    return PublicPetition.objects.shown().select_related("subfield__field", "lead", "province", "commune")


def just_answered(most: int) -> QuerySet[PublicPetition]:
    """The copies whose answer is the youngest, whenever they were published."""
    return published().filter(answered_at__isnull=False).order_by("-answered_at")[:most]


OFFERED_UNTIL = ("offer_publication", "publish", "approve")


@dataclass(frozen=True)
class Words:
    """What is read of a petition and of its answer."""

    text: str
    answer: str
    pictures: tuple[str, ...] = ()  # the SHA-256 of each


def offered(petition: Petition) -> Words | None:
    """What the sender was shown last, with what he hid; None where nothing was, it is published meanwhile, or
    there is another answer."""
    told = [step for step in petition.history() if step.action in OFFERED_UNTIL]
    if not told or told[-1].action != "offer_publication":
        return None
    said, lines = told[-1].said, hidden_lines(petition)
    return Words(
        without(said.get("public_text", ""), lines),
        without(said.get("public_answer", ""), lines),
        tuple(_not_hidden(petition, said.get("pictures", ()))),
    )


def hidden_lines(petition: Petition) -> list[str]:
    """What the sender does not want to be read: where such a line stands in a text, it is blacked out."""
    return [line for step in _refusals(petition) for line in _lines(step)]


def _lines(refusal: Step) -> list[str]:
    return [line.strip() for line in refusal.said.get("hide", "").splitlines()]


def _not_hidden(petition: Petition, pictures: Iterable[str]) -> list[str]:
    """Of pictures, by their digests, those that the sender lets everybody see."""
    refused = {one.sha256 for one in petition.public_pictures.all() if is_refused(one)}
    said = _refused(petition)
    return [one for one in pictures if one not in refused | said]


def is_refused(picture: PublicPicture) -> bool:
    """Whether the sender does not want its file to be seen, however it is blacked out."""
    return bool({picture.sha256, picture.source.sha256} & _refused(picture.petition))


def _refused(petition: Petition) -> set[str]:
    """Digests of pictures that the sender refused, and of the files of which they were made."""
    return {one for step in _refusals(petition) for one in step.said.get("pictures", ())} - {""}


def _refusals(petition: Petition) -> list[Step]:
    return [step for step in petition.history() if step.action == "refuse_publication"]


def pictures_of(copy: PublicPetition) -> QuerySet[PublicPicture]:
    """What is shown with a copy, or would be with one that is kept nowhere yet."""
    return copy.pictures.all() if copy.pk else shown_pictures(copy.petition)


def shown_pictures(petition: Petition) -> QuerySet[PublicPicture]:
    """Those that the sender sees on his page: of what is offered to him, else of what is public."""
    shown = offered(petition)
    if shown is None:
        return petition.public_pictures.filter(copy__isnull=False)
    return petition.public_pictures.filter(sha256__in=shown.pictures)


def shown_words(petition: Petition) -> str:
    """All that the sender reads on his page, of what is offered, public or would be."""
    copy = PublicPetition.objects.shown().filter(petition=petition).first()
    public = Words(copy.text, copy.answer) if copy else None
    shown = offered(petition) or public or proposed(petition)
    return f"{shown.text}\n{shown.answer}" if shown else ""


def picture_in_public(code: str, pk: int) -> PublicPicture | None:
    """The picture of a published petition; None for any other."""
    return PublicPicture.objects.filter(
        copy__in=PublicPetition.objects.shown().filter(code=code), pk=pk
    ).first()


def proposed(petition: Petition) -> Words | None:
    """What the machine would leave of it, for the sender to see; None where somebody has to write it anew."""
    if petition.only_summarised:
        return None
    reply, known, lines = petition.sent_reply, known_of(petition), hidden_lines(petition)
    text = without(masked(legible(petition.text), also=known), lines)
    also = [*known, *hidden_words(petition.text, text)]
    return Words(text, without(masked(legible(reply.text), also=also), lines) if reply else "")


def preview(petition: Petition) -> PublicPetition | None:
    """The copy as it would be published now, made as `publish` makes it and kept nowhere."""
    shown = offered(petition) or proposed(petition)
    if shown is None:
        return None
    now = timezone.now()
    told = {"public_text": shown.text, "public_answer": shown.answer}
    return PublicPetition(petition=petition, published_at=now, **_copy(petition, told, now))


def with_answer(petition: Petition, told: dict[str, Any], *, publishes: bool = True) -> dict[str, Any]:
    """What will be read of it; raises ValidationError where a restricted matter is told in words as sent,
    and, of what `publishes` it, where the sender was shown something else.

    An answer that the reviewer does not word is masked by rule; the step keeps it as it will be read. Of a
    restricted matter it is not told then, and the step says so. What the sender asked to hide is black,
    whoever typed it again. A step that says `hides` could open nothing: what calls for another look still
    does.
    """
    worded = [name for name in ("public_text", "public_answer") if name in told]
    told = told | {name: legible(told[name]) for name in worded} | {"summary": petition.only_summarised}
    left = left_as_it_is(petition) if publishes else None
    shown = left or (offered(petition) if publishes else None)
    if shown:
        told = {"public_answer": shown.answer, "pictures": list(shown.pictures)} | told
        _refuse_unseen(told, shown, ONLY_HIDDEN if left else UNSEEN)
        told |= {"hides": True} if left else {}
    lines = hidden_lines(petition)
    told |= {name: without(told[name], lines) for name in worded}
    if "pictures" in told:
        told["pictures"] = _not_hidden(petition, told["pictures"])
    _refuse_pictures(petition, told.get("pictures", ()))
    reply = petition.sent_reply
    if petition.only_summarised:
        told = told | {"public_answer": told.get("public_answer", "")}
        _refuse_to_quote(told, [petition.text, reply.text if reply else ""])
        return told
    if "public_answer" in told:
        return told
    hidden = hidden_words(petition.text, told["public_text"])
    also = [*known_of(petition), *hidden]
    answer = without(masked(legible(reply.text), also=also), lines) if reply else ""
    return told | ({"public_answer": answer} if answer else {})


UNSEEN = _l("Người gửi chưa xem bản này, chỉ được che thêm: xin gửi xem trước lần nữa.")


ONLY_HIDDEN = _l("Lúc này bản đang công khai chỉ được che thêm hoặc gỡ xuống.")


def left_as_it_is(petition: Petition) -> Words | None:
    """What is public of one of which a person is asked whether it, or a part of it, is a complaint: until he
    has said, more of it may be hidden and nothing opened. None of any other."""
    copy = _public_copy(petition)
    if copy is None or not_in_doubt(petition):
        return None
    return Words(copy.text, copy.answer, tuple(copy.pictures.values_list("sha256", flat=True)))


def _public_copy(petition: Petition) -> PublicPetition | None:
    return getattr(petition, "public", None) if petition.published_at else None


def _refuse_unseen(told: Mapping[str, str], shown: Words, why: Any) -> None:
    """What was shown may be published with more hidden; anything else is refused, and why."""
    pairs = {"public_text": shown.text, "public_answer": shown.answer}
    unseen = {
        name: why for name, seen in pairs.items() if told[name] and not only_hides_more(seen, told[name])
    }
    if not set(told["pictures"]) <= set(shown.pictures):
        unseen["pictures"] = why
    if unseen:
        raise ValidationError(unseen)


def _refuse_pictures(petition: Petition, chosen: Collection[str]) -> None:
    """Only what a reviewer has looked at; of a restricted matter none."""
    if chosen and petition.only_summarised:
        raise ValidationError({"pictures": _("Lĩnh vực này không đăng ảnh.")})
    looked_at = set(petition.public_pictures.values_list("sha256", flat=True)) if chosen else set()
    if not looked_at.issuperset(chosen):
        raise ValidationError({"pictures": _("Chỉ đăng ảnh mà cán bộ công khai đã xem và che.")})


def _refuse_to_quote(told: Mapping[str, str], originals: Iterable[str]) -> None:
    """Of a restricted matter a summary alone is public: in it what is nobody's own words."""
    said = _("Lĩnh vực này chỉ đăng bản tóm tắt: xin viết lại, chưa bỏ nguyên văn “%(words)s”.")
    found = {
        name: said % {"words": words}
        for name in ("public_text", "public_answer")
        for original in originals
        if (words := quoted(original, told[name]))
    }
    if found:
        raise ValidationError(found)


def publish(step: Step, told: dict[str, Any]) -> None:
    """Write the public copy, or bring it up to date; in the transaction of the step."""
    petition, copy = step.petition, _copy(step.petition, told, step.at)
    if not looks_anew(step):
        del copy["look_again_at"]
    _settle_objections(step, Q(pk__lte=told.get("objections_read", 0)))
    PublicPicture.objects.filter(petition=petition).update(copy=None)
    # The petition's row is held: nobody writes its copy between the two.
    if not PublicPetition.objects.filter(petition=petition).update(**copy):
        PublicPetition.objects.create(petition=petition, published_at=step.at, **copy)
    if told.get("pictures"):
        shown = PublicPicture.objects.filter(petition=petition, sha256__in=told["pictures"])
        shown.update(copy=PublicPetition.objects.get(petition=petition))


def _copy(petition: Petition, told: Mapping[str, Any], at: dt.datetime) -> dict[str, Any]:
    """All that stands in a copy but when it was published."""
    return {
        **_as_it_stands(petition),
        "text": told["public_text"],
        "answer": told.get("public_answer", ""),
        "summary": petition.only_summarised,
        "look_again_at": None,
        "updated_at": at,
    }


def follow(step: Step) -> None:
    """Bring an existing copy up to date after a step of its petition, or take it away.

    Its facts are always those of the petition as it stands; of its words some may go, and new ones come by
    `publish` alone, which has just written the whole copy.
    """
    petition = step.petition
    if petition.published_at is None:
        PublicPetition.objects.filter(petition=petition).delete()
        _settle_objections(step, Q())
    elif step.action != "publish":
        changed = _as_it_stands(petition) | {"updated_at": step.at}
        if step.action in ASKS_TO_LOOK_AGAIN:
            changed |= _words_left(step) | {"look_again_at": step.at}
        PublicPetition.objects.filter(petition=petition).update(**changed)


# A reviewer looks again at what is public: there is another answer, or the sender hides more.
ASKS_TO_LOOK_AGAIN = frozenset({"approve", "refuse_publication"})


def words_after(words: Words, step: Step) -> Words:
    """What stays of public words after one more step of their petition.

    An answer never stands under the outcome of the next, and nobody has looked at that one's words yet;
    what the sender hides is black at once.
    """
    if step.action == "approve":
        return replace(words, answer="")
    if step.action != "refuse_publication":
        return words
    lines, gone = _lines(step), step.said.get("pictures", ())
    return Words(
        without(words.text, lines),
        without(words.answer, lines),
        tuple(one for one in words.pictures if one not in gone),
    )


def _words_left(step: Step) -> dict[str, str]:
    """Of the copy's own words; pictures that the sender hides are shown no more."""
    copy = PublicPetition.objects.get(petition=step.petition)
    pictures = copy.pictures.values_list("sha256", flat=True)
    left = words_after(Words(copy.text, copy.answer, tuple(pictures)), step)
    copy.pictures.exclude(sha256__in=left.pictures).update(copy=None)
    return {"text": left.text, "answer": left.answer}


def looks_anew(step: Step) -> bool:
    """Whether a reviewer published what he would: what called for another look is done with."""
    return step.action == "publish" and not step.facts.get("hides")


def why_look_again(petition: Petition) -> list[Any]:
    """Why a reviewer should look at what is public of it; empty where nothing calls for that."""
    copy = _public_copy(petition)
    if copy is None:
        return []
    since = {step.action for step in takewhile(lambda step: not looks_anew(step), petition.history()[::-1])}
    return [
        sentence
        for sentence, calls in (
            (NOW_RESTRICTED, petition.only_summarised and not copy.summary),
            (HIDES_MORE, "refuse_publication" in since),
            (NEW_ANSWER, "approve" in since),
        )
        if calls
    ]


NOW_RESTRICTED = _l(
    "Lĩnh vực này nay chỉ đăng bản tóm tắt: bản cũ không còn hiện ra ngoài, xin viết tóm tắt."
)
HIDES_MORE = _l("Người gửi yêu cầu che thêm: chỗ viết giống như thế đã đen ngay, xin đọc lại cả bản.")
NEW_ANSWER = _l("Có câu trả lời mới chưa đăng; câu trả lời cũ không còn đứng ở trang công khai.")


def _settle_objections(step: Step, which: Q) -> None:
    """What was said of a copy is over once that copy is gone, or was mended by whoever had read it."""
    open_ones = Objection.objects.open().filter(which, petition=step.petition)
    open_ones.update(settled_at=step.at, settled_by=step.by)


def _as_it_stands(petition: Petition) -> dict[str, Any]:
    lat, lon = point_in_public(petition)
    return {**facts_of(petition, petition.sent_reply), "lat": lat, "lon": lon}


def facts_of(petition: Petition, reply: Reply | None) -> dict[str, Any]:
    """All of a copy that is no word and no point: always as it stands with the petition, and read of it.

    `reply`: the last one that was sent, also where the petition is looked at again and has no answer now.
    """
    promised = reply.plan_date if reply and petition.answered_at else None
    return {
        "code": petition.code,
        "outcome": petition.outcome if petition.answered_at else "",
        "state": petition.state,
        "kind": petition.kind,
        "subfield_id": petition.subfield_id,
        "lead_id": petition.lead_id,
        "province_id": petition.province_id,
        "commune_id": petition.commune_id,
        "submitted_on": timezone.localdate(petition.submitted_at),
        "due_on": _day(petition.due_at),
        "answered_at": petition.answered_at,
        "plan_date": promised,
        "plan_met_on": _day(petition.commitment_met_at) if promised else None,
        "score": petition.score,
    }


def _day(at: dt.datetime | None) -> dt.date | None:
    return timezone.localdate(at) if at else None


def point_in_public(petition: Petition) -> Point:
    """Where it happened, to within a hundred metres; of a restricted matter, and of a sender who stays hidden
    (it may be his door), the commune's centre. Nothing where no point was told."""
    if petition.lat is None or petition.lon is None:
        return NOWHERE
    if petition.only_summarised or petition.identity_hidden:
        return centre_of(petition.commune)
    return rounded(petition.lat, petition.lon)


def centre_of(commune: Commune | None) -> Point:
    return rounded(commune.lat, commune.lon) if commune else NOWHERE


def rounded(lat: float, lon: float) -> Point:
    """Degrees to the third digit: within a hundred metres."""
    return round(lat, POINT_DIGITS), round(lon, POINT_DIGITS)
