"""What is found by words on PostgreSQL; another database keeps that elsewhere and has none of these tables."""

from django.db import migrations

from search.migrations._on_postgresql import on_postgresql

TABLES = """
CREATE TABLE search_copy (
    number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, shelf text NOT NULL, live boolean NOT NULL
);
INSERT INTO search_copy (shelf, live) VALUES ('public', true), ('desk', true), ('sealed', true);
CREATE TABLE search_document (
    copy integer NOT NULL, petition bigint NOT NULL, version integer NOT NULL, gone boolean NOT NULL,
    id bigint NOT NULL, digest text NOT NULL, due bigint NOT NULL, month text NOT NULL,
    code text NOT NULL, field text NOT NULL, subfield text NOT NULL, agency text NOT NULL,
    province text NOT NULL, commune text NOT NULL, state text NOT NULL, kind text NOT NULL,
    channel text NOT NULL, petitioner text NOT NULL,
    phones text[] NOT NULL, seers text[] NOT NULL, shut text[] NOT NULL,
    written text NOT NULL, folded tsvector NOT NULL,
    PRIMARY KEY (copy, petition)
);
CREATE INDEX search_document_newest ON search_document (copy, id) WHERE NOT gone;
CREATE INDEX search_document_due ON search_document (copy, due, id) WHERE NOT gone;
CREATE INDEX search_document_code ON search_document (code) WHERE NOT gone;
CREATE INDEX search_document_phones ON search_document USING gin (phones) WHERE NOT gone;
CREATE INDEX search_document_folded ON search_document USING gin (folded) WHERE NOT gone;
"""
DROPPED = "DROP TABLE search_document; DROP TABLE search_copy;"


class Migration(migrations.Migration):
    dependencies = [("search", "0001_fingerprints")]

    operations = [migrations.RunPython(on_postgresql(TABLES), on_postgresql(DROPPED))]
