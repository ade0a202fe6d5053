import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    enforcement = apps.get_model("casework", "Enforcement")
    decision = apps.get_model("casework", "Decision")
    cases = decision.objects.filter(pk=OuterRef("decision")).values("case")[:1]
    enforcement.objects.filter(case__isnull=True).update(case=Subquery(cases))
    # PostgreSQL changes no table while checks of the rows just filled wait for the commit.
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
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
