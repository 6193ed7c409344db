"""How a public copy is said to people: words, the nearest icon, whether it is late."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from feedback.maps import Spot
from feedback.models import PublicPetition, PublicPicture
from feedback.models.reply import Outcome, Score
from feedback.public.copies import POINT_DIGITS, pictures_of, published
from feedback.public.counted import stopped_at
from feedback.workflow import OPEN, PAUSED, Kind, State
from feedback.workflow.states import ENDED, public_word

# What the faces of the rating look like: lucide's names.
FACES: dict[str, str] = {
    Score.VERY_SATISFIED: "laugh",
    Score.SATISFIED: "smile",
    Score.ACCEPTABLE: "meh",
    Score.DISSATISFIED: "frown",
}
# State -> (tone, icon); what is not named here is on its way.
LOOKS: dict[str, tuple[str, str]] = {
    State.ANSWERED: ("good", "circle-check"),
    State.CLOSED: ("good", "circle-check"),
    State.REOPENED: ("now", "undo-2"),
    State.SUSPENDED: ("", "pause"),
    State.WITHDRAWN: ("", "circle-x"),
    State.MERGED: ("", "link"),
}


# How it ended where nobody answered it.
ENDINGS: dict[str, Any] = {
    State.WITHDRAWN: _("Người gửi đã rút phản ánh này trước khi có câu trả lời."),
    State.MERGED: _("Đã được gộp vào một phản ánh khác cùng nội dung; câu trả lời đứng ở phản ánh ấy."),
    State.CLOSED: _("Đã kết thúc mà chưa có câu trả lời: người gửi không bổ sung điều được hỏi."),
    State.REJECTED: _("Cơ quan không tiếp nhận phản ánh này; lý do đã báo cho người gửi."),
    State.REDIRECTED: _(
        "Việc này không thuộc thẩm quyền ở đây; người gửi đã được hướng dẫn đến nơi có thẩm quyền."
    ),
}


def row(petition: PublicPetition, today: dt.date) -> dict[str, Any]:
    """What a list says of one petition."""
    return {
        "petition": petition,
        "late": is_late(petition, today),
        "state": state(petition),
        "place": place(petition),
        "field": localised(petition.subfield.field) if petition.subfield else "",
    }


def whole(petition: PublicPetition, today: dt.date) -> dict[str, Any]:
    """What the page of one petition says."""
    return row(petition, today) | {
        "subfield": localised(petition.subfield) if petition.subfield else "",
        "kind": str(Kind(petition.kind).label),
        "outcome": word(Outcome, petition.outcome),
        "score": word(Score, petition.score),
        "face": FACES.get(petition.score, "star"),
        "open": petition.state in OPEN,
        "ending": ENDINGS.get(petition.state, ENDED),
        "main": main_of(petition),
        "plan_late": petition.plan_date is not None and today > petition.plan_date,
        "spot": spot(petition),
        "pictures": pictures_of(petition),
    }


def main_of(petition: PublicPetition) -> PublicPetition | None:
    """What it was merged into, where everybody may read that too."""
    if petition.state != State.MERGED:
        return None
    return published().filter(petition__merged=petition.petition_id).first()


def state(petition: PublicPetition) -> dict[str, str]:
    """Its state in a word."""
    answered = petition.answered_at is not None
    tone, icon = LOOKS.get(petition.state, ("now", "circle-dot"))
    if petition.state == State.CLOSED and not answered:
        tone, icon = "", "circle-x"
    return {"word": str(public_word(petition.state, answered=answered)), "tone": tone, "icon": icon}


def place(petition: PublicPetition) -> str:
    names = [unit.name for unit in (petition.commune, petition.province) if unit]
    return ", ".join(names)


def spot(petition: PublicPetition) -> Spot | None:
    if petition.lat is None or petition.lon is None:
        return None
    return Spot(petition.lat, petition.lon, POINT_DIGITS)


def served(picture: PublicPicture) -> HttpResponse:
    """A picture itself, in which nothing may run."""
    with picture.file.open("rb") as file:
        response = HttpResponse(file.read(), content_type="image/jpeg")
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def word(choices: Any, value: str) -> str:
    """The label of a choice; the value itself where the list has grown meanwhile, "" for none."""
    return str(dict(choices.choices).get(value, value))


def localised(named: Any) -> str:
    """The name of a field or sub-field in the reader's language."""
    english = (get_language() or "").startswith("en")
    return str(named.name_en if english and named.name_en else named.name_vi)


def is_late(petition: PublicPetition, today: dt.date) -> bool:
    """Answered after the day on which it was due, or that day has passed without an answer.

    While its clock stands still only if that day had passed before.
    """
    if petition.due_on is None or (petition.answered_at is None and petition.state not in OPEN):
        return False
    until = petition.answered_at
    if until is None and today > petition.due_on and petition.state in PAUSED:
        until = stopped_at(petition.petition_id)
    return bool((timezone.localdate(until) if until else today) > petition.due_on)
