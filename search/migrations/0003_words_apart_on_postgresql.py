"""Words lie apart from facts: who goes through many rows of a common word reads facts alone. What is
written waits shortly for its place in the index: every question goes through what waits.

Whoever has an index already makes it anew for that: `manage.py reindex`.
"""

from django.db import migrations

from search.migrations._on_postgresql import on_postgresql

APART = """
ALTER TABLE search_document ALTER COLUMN written SET STORAGE EXTERNAL;
ALTER TABLE search_document ALTER COLUMN folded SET STORAGE EXTERNAL;
ALTER TABLE search_document SET (toast_tuple_target = 640);
ALTER INDEX search_document_folded SET (gin_pending_list_limit = 256);
"""
TOGETHER = """
ALTER INDEX search_document_folded RESET (gin_pending_list_limit);
ALTER TABLE search_document RESET (toast_tuple_target);
ALTER TABLE search_document ALTER COLUMN folded SET STORAGE EXTENDED;
ALTER TABLE search_document ALTER COLUMN written SET STORAGE EXTENDED;
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0002_found_on_postgresql")]

    operations = [migrations.RunPython(on_postgresql(APART), on_postgresql(TOGETHER))]
