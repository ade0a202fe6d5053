"""Cases say how far people have heard that an outcome changed, where those are many."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0005_published_words")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="told_up_to",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("told_up_to__isnull", False)),
                fields=["id"],
                name="case_to_tell_of",
            ),
        ),
    ]
