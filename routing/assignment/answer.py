"""What is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from routing.models import Agency

PROPOSAL_SOURCE = "bảng phân công mẫu"
CONFLICT_SOURCE = "nguyên tắc không tự xử lý phản ánh về mình"


MERELY_PROPOSED = "đề xuất, chưa phải văn bản của địa phương"
LEGAL_WORDS = {
    "yes": "",
    "partial": " (một phần theo luật)",
    "no": f" ({MERELY_PROPOSED})",
}


NOT_CHECKED = "chưa đối chiếu văn bản"


def standing(legal: str, *, checked: bool = False) -> str:
    """What a source is worth, in brackets; "" for a law that somebody compared with the text in force."""
    if legal == "no":
        return LEGAL_WORDS["no"]
    partly = "một phần theo luật" if legal == "partial" else ""
    told = ", ".join(filter(None, (partly, "" if checked else NOT_CHECKED)))
    return f" ({told})" if told else ""


@dataclass(frozen=True)
class Assignment:
    """`outcome` agency | focal_point | ask_territory | redirect_out; `intake` lead | focal_point.

    `excluded`: codes of bodies that may neither lead, coordinate nor read. `legal` yes | partial | no.
    `reason`: one Vietnamese sentence with its source. `address`: where a redirected citizen goes.
    """

    outcome: str
    lead: Agency | None = None
    coordinators: tuple[Agency, ...] = ()
    accountable: Agency | None = None
    executing: Agency | None = None
    excluded: tuple[str, ...] = ()
    intake: str = "lead"
    address: Mapping[str, str] | None = None
    deadline_policy: str = ""
    rule: str = ""
    source: str = ""
    legal: str = "no"
    reason: str = ""


@dataclass(frozen=True)
class CandidateAssignment:
    """One of the three readings of a text, and who would answer under it."""

    subfield: str
    p: float
    assignment: Assignment
