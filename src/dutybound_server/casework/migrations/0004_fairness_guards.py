"""Nobody judges their own decision: the database refuses it."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from dutybound_server.casework.guards import guard, unguard


def set_guards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    guard(schema_editor.connection)


def take_guards_away(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    unguard(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_concerns")]

    operations = [migrations.RunPython(set_guards, take_guards_away)]
