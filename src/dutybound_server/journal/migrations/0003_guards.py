"""The journal is never pruned or rewritten: the database refuses it."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from dutybound_server.journal.guards import guard, unguard


def set_guards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    guard(schema_editor.connection)


def take_guards_away(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    unguard(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_witnesses")]

    operations = [migrations.RunPython(set_guards, take_guards_away)]
