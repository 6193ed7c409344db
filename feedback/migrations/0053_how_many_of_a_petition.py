"""PostgreSQL is told how many steps and clocks a petition has.

It looks at a few thousand blocks, in which those of a petition lie beside each other, and takes two hundred
and fifty steps a petition for likely where there are eleven: then it reads a page's steps by several processes.
"""

from django.db import migrations

SHARES = {"feedback_step": -0.1, "feedback_clock": -0.4}  # petitions, of the rows


def tell(apps, schema_editor):
    _each(schema_editor, lambda share: f"SET (n_distinct = {share})")


def forget(apps, schema_editor):
    _each(schema_editor, lambda _share: "RESET (n_distinct)")


def _each(schema_editor, words):
    if schema_editor.connection.vendor == "postgresql":
        for table, share in SHARES.items():
            schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN petition_id {words(share)}")


class Migration(migrations.Migration):
    dependencies = [("feedback", "0052_law_doubt")]

    operations = [migrations.RunPython(tell, forget)]
