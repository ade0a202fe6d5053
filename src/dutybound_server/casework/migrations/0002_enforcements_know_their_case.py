import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    enforcement = apps.get_model("casework", "Enforcement")
    decision = apps.get_model("casework", "Decision")
    cases = decision.objects.filter(pk=OuterRef("decision")).values("case")[:1]
    enforcement.objects.filter(case__isnull=True).update(case=Subquery(cases))


class Migration(migrations.Migration):
    # PostgreSQL changes no column of a table in the transaction that has just filled it.
    atomic = False

    dependencies = [("casework", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="enforcement",
            name="case",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="enforcements",
                to="casework.case",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="enforcement",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="enforcements",
                to="casework.case",
            ),
        ),
    ]
