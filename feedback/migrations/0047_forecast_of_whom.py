from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce


def of_whom_it_is_now(apps, _schema_editor):
    """What was expected before is told of whoever holds the petition now."""
    Forecast, Petition = apps.get_model("feedback", "Forecast"), apps.get_model("feedback", "Petition")
    of = Petition.objects.filter(pk=OuterRef("petition"))
    names = {"territory": "territory", "agency": "lead_id", "subfield": "subfield_id"}
    Forecast.objects.update(
        **{name: Coalesce(Subquery(of.values(told=F(column))[:1]), Value("")) for name, column in names.items()}
    )


class Migration(migrations.Migration):
    dependencies = [("feedback", "0046_counts_by_party")]

    operations = [
        *(
            migrations.AddField("forecast", name, models.CharField(blank=True, max_length=length))
            for name, length in (("agency", 150), ("subfield", 100), ("territory", 2))
        ),
        migrations.RunPython(of_whom_it_is_now, migrations.RunPython.noop),
    ]
