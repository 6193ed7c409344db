"""The public copy of a petition: what stands in it, and how it follows the petition's steps."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from feedback.models import Petition, PublicPetition, Reply, Step
from feedback.redaction import hidden_words, known_of, masked


def published() -> QuerySet[PublicPetition]:
    """The reviewed copies, newest first."""
    return PublicPetition.objects.select_related("subfield__field", "lead", "province", "commune")


def just_answered(most: int) -> QuerySet[PublicPetition]:
    """The copies whose answer is the youngest, whenever they were published."""
    return published().filter(answered_at__isnull=False).order_by("-answered_at")[:most]


def with_answer(petition: Petition, told: dict[str, Any]) -> dict[str, Any]:
    """An answer that the reviewer does not word is masked by rule; the step keeps it as it will be read."""
    reply = _sent_reply(petition)
    hidden = hidden_words(petition.text, told["public_text"])
    also = [*known_of(petition), *hidden]
    answer = told.get("public_answer") or (masked(reply.text, also=also) if reply else "")
    return told | ({"public_answer": answer} if answer else {})


def publish(step: Step, told: dict[str, Any]) -> None:
    """Write the public copy, or bring it up to date; in the transaction of the step."""
    petition = step.petition
    reply = _sent_reply(petition)
    copy = {
        **_facts(petition),
        "text": told["public_text"],
        "answer": told.get("public_answer", ""),
        "plan_date": reply.plan_date if reply else None,
        "updated_at": step.at,
    }
    # The petition's row is held: nobody writes its copy between the two.
    if not PublicPetition.objects.filter(petition=petition).update(**copy):
        PublicPetition.objects.create(petition=petition, published_at=step.at, **copy)


def follow(step: Step) -> None:
    """Bring the facts of an existing copy up to date, or take it away; words change by `publish` alone."""
    petition = step.petition
    if petition.published_at is None:
        PublicPetition.objects.filter(petition=petition).delete()
        return
    kept = ("state", "score", "outcome", "answered_at", "due_on")
    facts = _facts(petition)
    PublicPetition.objects.filter(petition=petition).update(
        **{name: facts[name] for name in kept}, updated_at=step.at
    )


def _facts(petition: Petition) -> dict[str, Any]:
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
        "due_on": timezone.localdate(petition.due_at) if petition.due_at else None,
        "answered_at": petition.answered_at,
        "score": petition.score,
    }


def _sent_reply(petition: Petition) -> Reply | None:
    return petition.replies.filter(approved_at__isnull=False).last()
