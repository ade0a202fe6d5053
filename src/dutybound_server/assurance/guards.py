"""Approved assessments and kept findings are final: the database refuses to change or forget one.

A migration that rebuilds such a table on SQLite takes the guards with it; it must set them again.
"""

from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True, slots=True)
class Final:
    """A table whose rows are final, and what a database that is asked to change one answers.

    `same`: a condition under which a new row would be in place of an old one; INSERT OR REPLACE
    removes that one without a word to the other triggers.
    """

    table: str
    refusal: str
    same: str

    def guard(self, connection: BaseDatabaseWrapper) -> None:
        """Set the guards."""
        _run(connection, {"sqlite": self._on_sqlite(), "postgresql": self._on_postgresql()})

    def unguard(self, connection: BaseDatabaseWrapper) -> None:
        """Take the guards away; only a migration backwards and tests that end need it."""
        name = self.table
        _run(
            connection,
            {
                "sqlite": tuple(
                    f"DROP TRIGGER IF EXISTS {name}_no_{verb}"
                    for verb in ("update", "delete", "replace")
                ),
                "postgresql": (
                    f"DROP TRIGGER IF EXISTS {name}_is_final ON {name}",
                    f"DROP TRIGGER IF EXISTS {name}_is_kept ON {name}",
                    f"DROP FUNCTION IF EXISTS {name}_is_final",
                ),
            },
        )

    def _on_sqlite(self) -> tuple[str, ...]:
        name, refusal = self.table, self.refusal
        return (
            *(
                f"""CREATE TRIGGER {name}_no_{verb.lower()} BEFORE {verb} ON {name}
                BEGIN SELECT RAISE(ABORT, '{refusal}'); END"""
                for verb in ("UPDATE", "DELETE")
            ),
            f"""CREATE TRIGGER {name}_no_replace BEFORE INSERT ON {name}
            WHEN EXISTS (SELECT 1 FROM {name} WHERE {self.same})
            BEGIN SELECT RAISE(ABORT, '{refusal}'); END""",  # noqa: S608 - all of it is ours
        )

    def _on_postgresql(self) -> tuple[str, ...]:
        name = self.table
        return (
            f"""CREATE FUNCTION {name}_is_final() RETURNS trigger AS $$
            BEGIN RAISE EXCEPTION '{self.refusal}'
                USING ERRCODE = 'integrity_constraint_violation'; END
            $$ LANGUAGE plpgsql""",
            f"""CREATE TRIGGER {name}_is_final BEFORE UPDATE OR DELETE ON {name}
            FOR EACH ROW EXECUTE FUNCTION {name}_is_final()""",
            f"""CREATE TRIGGER {name}_is_kept BEFORE TRUNCATE ON {name}
            FOR EACH STATEMENT EXECUTE FUNCTION {name}_is_final()""",
        )


VERSIONS = Final(
    "assurance_version",
    "an approved assessment is final; approve a new version instead",
    "id = NEW.id OR (service_id = NEW.service_id AND number = NEW.number)",
)
FINDINGS = Final(
    "assurance_finding", "a finding is final; the next look makes another", "id = NEW.id"
)
DOCUMENT_VERSIONS = Final(
    "assurance_documentversion",
    "a version of a document is final; add a new version instead",
    "id = NEW.id OR (document_id = NEW.document_id AND number = NEW.number)",
)
FINAL = (VERSIONS, FINDINGS, DOCUMENT_VERSIONS)


def guard(connection: BaseDatabaseWrapper) -> None:
    """Set the guards of approved assessments."""
    VERSIONS.guard(connection)


def unguard(connection: BaseDatabaseWrapper) -> None:
    """Take them away."""
    VERSIONS.unguard(connection)


def _run(connection: BaseDatabaseWrapper, statements: dict[str, tuple[str, ...]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)
