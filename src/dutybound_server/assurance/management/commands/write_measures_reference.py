"""`dutybound manage write_measures_reference`: write docs/reference/measures.md anew."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from dutybound.evidence.reference import measures_reference


class Command(BaseCommand):
    help = "Write the reference of measures from the probes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path", nargs="?", type=Path, default=Path("docs/reference/measures.md")
        )

    def handle(self, *_: object, **options: Path) -> None:
        options["path"].write_text(measures_reference())
        self.stdout.write(f"Wrote {options['path']}.")
