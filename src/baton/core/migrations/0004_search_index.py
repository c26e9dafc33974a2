"""The database's own index on the words of the search; left out where the role may not make it."""

from django.db import migrations

from baton.core.search import index


def create(apps, schema_editor):
    index.create(schema_editor.connection)


def drop(apps, schema_editor):
    index.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("core", "0003_cache_table")]

    operations = [migrations.RunPython(create, drop)]
