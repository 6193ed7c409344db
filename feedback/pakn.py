"""The four classes of NĐ 20/2008/NĐ-CP, Điều 9: what is said about rules and how they are applied."""

from __future__ import annotations

from feedback.models import Petition
from feedback.workflow import PETITIONS_AT_LAW, PaknClass, State

OF_PROCEDURES = "admin-services"  # the field of administrative procedures and of those who carry them out
OF_STAFF = frozenset(
    {
        "admin-services.delayed-dossier",
        "admin-services.extra-documents",
        "admin-services.staff-attitude",
        "admin-services.hotline-no-answer",
    }
)


def applies(petition: Petition) -> bool:
    """It is about rules, procedures or those who apply them; a hole in the road is none of the decree's."""
    of_procedures = petition.subfield is not None and petition.subfield.field_id == OF_PROCEDURES
    return petition.kind not in PETITIONS_AT_LAW and (petition.concerns_rules or of_procedures)


def class_of(petition: Petition) -> str:
    """The class: not accepted once it was refused, else what an official said; "" where nobody did."""
    if not applies(petition):
        return ""
    return PaknClass.NOT_ACCEPTED if petition.state == State.REJECTED else petition.pakn_class


def proposed(petition: Petition) -> str:
    """What the sub-field speaks for; a rule of the centre is not this house's to change."""
    if petition.pakn_class or not applies(petition):
        return petition.pakn_class
    if petition.subfield_id in OF_STAFF:
        return PaknClass.STAFF
    if not petition.concerns_rules or petition.subfield is None:
        return ""
    return PaknClass.OTHER_RULE if petition.subfield.lead_level == "central" else PaknClass.OWN_RULE
