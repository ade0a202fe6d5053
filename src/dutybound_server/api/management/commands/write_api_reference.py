"""`dutybound manage write_api_reference`: write docs/reference/api.md anew."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from dutybound_server.api.reference import api_reference


class Command(BaseCommand):
    help = "Write the API reference from the OpenAPI document."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=Path("docs/reference/api.md"))

    def handle(self, *_: object, **options: Path) -> None:
        options["path"].write_text(api_reference())
        self.stdout.write(f"Wrote {options['path']}.")
