"""Approved assessments are final: the database itself refuses to change or forget one.

A migration that rebuilds the table on SQLite takes the guards with it; it must call `guard` again.
"""

from types import MappingProxyType

from django.db.backends.base.base import BaseDatabaseWrapper

_REFUSAL = "an approved assessment is final; approve a new version instead"
_ON_SQLITE = (
    *(
        f"""CREATE TRIGGER assurance_version_no_{verb.lower()} BEFORE {verb} ON assurance_version
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"""
        for verb in ("UPDATE", "DELETE")
    ),
    # INSERT OR REPLACE removes the row that is in its way without a word to the trigger above.
    f"""CREATE TRIGGER assurance_version_no_replace BEFORE INSERT ON assurance_version
    WHEN EXISTS (SELECT 1 FROM assurance_version WHERE id = NEW.id
        OR (service_id = NEW.service_id AND number = NEW.number))
    BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",  # noqa: S608 - all of it is ours
)
_ON_POSTGRESQL = (
    f"""CREATE FUNCTION assurance_version_is_final() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END
    $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER assurance_version_is_final BEFORE UPDATE OR DELETE ON assurance_version
    FOR EACH ROW EXECUTE FUNCTION assurance_version_is_final()""",
    """CREATE TRIGGER assurance_version_is_kept BEFORE TRUNCATE ON assurance_version
    FOR EACH STATEMENT EXECUTE FUNCTION assurance_version_is_final()""",
)
_GUARDS = MappingProxyType({"sqlite": _ON_SQLITE, "postgresql": _ON_POSTGRESQL})
_NO_GUARDS = MappingProxyType(
    {
        "sqlite": (
            "DROP TRIGGER IF EXISTS assurance_version_no_update",
            "DROP TRIGGER IF EXISTS assurance_version_no_delete",
            "DROP TRIGGER IF EXISTS assurance_version_no_replace",
        ),
        "postgresql": (
            "DROP TRIGGER IF EXISTS assurance_version_is_final ON assurance_version",
            "DROP TRIGGER IF EXISTS assurance_version_is_kept ON assurance_version",
            "DROP FUNCTION IF EXISTS assurance_version_is_final",
        ),
    }
)


def guard(connection: BaseDatabaseWrapper) -> None:
    """Set the guards."""
    _run(connection, _GUARDS[connection.vendor])


def unguard(connection: BaseDatabaseWrapper) -> None:
    """Take the guards away; only a migration backwards and tests that end need it."""
    _run(connection, _NO_GUARDS[connection.vendor])


def _run(connection: BaseDatabaseWrapper, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
