"""A script that PostgreSQL alone is given."""


def on_postgresql(script):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(script)

    return run
