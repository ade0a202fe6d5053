"""`dutybound manage check_verdicts`: compare stored verdicts with the journal."""

from django.core.management.base import BaseCommand, CommandError

from dutybound_server.intake.verdicts import altered_verdicts


class Command(BaseCommand):
    help = "Compare every stored verdict with the journal and name those that were altered."

    def handle(self, *_: object, **__: object) -> None:
        altered = list(altered_verdicts())
        for one in altered:
            self.stderr.write(str(one))
        if altered:
            raise CommandError(f"{len(altered)} verdicts do not agree with the journal")
        self.stdout.write("Every journalled verdict is as it was given.")
