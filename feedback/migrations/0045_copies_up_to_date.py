"""Public copies follow their petitions in everything; those that stand are brought to what they would be."""

import json

from django.db import migrations
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from feedback.redaction import without

FACTS = ("lead", "kind", "subfield", "commune", "province")


def bring_up_to_date(apps, schema_editor):
    Copy, Petition, Step = (apps.get_model("feedback", name) for name in ("PublicPetition", "Petition", "Step"))
    its_own = Petition.objects.filter(pk=OuterRef("petition"))
    Copy.objects.filter(Q(subfield=None) | Q(subfield__sensitivity="restricted")).update(summary=True)
    Copy.objects.update(**{name: Subquery(its_own.values(name)[:1]) for name in FACTS})
    Copy.objects.filter(answered_at=None).update(plan_date=None)
    for copy in Copy.objects.filter(petition__commitment_met_at__isnull=False).exclude(plan_date=None):
        met = timezone.localdate(copy.petition.commitment_met_at)
        Copy.objects.filter(pk=copy.pk).update(plan_met_on=met)
    published = Step.objects.filter(petition=OuterRef("petition"), action="publish").order_by("-seq")
    said_since = (
        Step.objects.filter(action__in=("approve", "refuse_publication"), petition__public__isnull=False)
        .annotate(published_seq=Subquery(published.values("seq")[:1]))
        .filter(seq__gt=F("published_seq"))
        .select_related("words")
    )
    for step in said_since.order_by("petition", "seq"):
        heed(step, Copy.objects.get(petition=step.petition_id))


def heed(step, copy):
    said = json.loads(step.words.text) if hasattr(step, "words") else {}
    lines = said.get("hide", "").splitlines()
    copy.text, copy.answer = without(copy.text, lines), without(copy.answer, lines)
    if step.action == "approve":
        copy.answer = ""
        copy.plan_date = step.petition.replies.filter(approved_at=step.at).values_list("plan_date", flat=True).first()
    copy.pictures.filter(sha256__in=said.get("pictures", ())).update(copy=None)
    copy.look_again_at = step.at
    copy.save()


class Migration(migrations.Migration):
    # By itself: PostgreSQL alters no table whose rows were changed in the same transaction.
    dependencies = [("feedback", "0044_copies_that_follow")]
    operations = [migrations.RunPython(bring_up_to_date, migrations.RunPython.noop)]
