"""An adversary who has the database: what can be done to the rows of the journal."""

from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType

from django.db import connection

from dutybound.ledger.tiles import tile_at
from dutybound_server.journal.models import Checkpoint, Entry, Tile
from tests.library.ledger.attacks import THE_HEAD, Place, other_byte
from tests.server.journal.story import the_head

Attack = Callable[[Random], Place]
"""Changes rows of a journal whose guards are gone; says where."""

FIGURES = "0123456789"
LETTERS = "abcdefghijklmnopqrstuvwxyz:.-"


def sql(statement: str, *values: str | int | bytes | None) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def a_number(by: Random) -> int:
    return by.randrange(the_head().size)


def other_character(text: str, *, by: Random, among: str = LETTERS) -> str:
    at = by.randrange(len(text))
    other = by.choice([one for one in among if one != text[at]])
    return text[:at] + other + text[at + 1 :]


# One byte


def _body(by: Random) -> Place:
    number = a_number(by)
    body = bytes(Entry.objects.get(number=number).body)
    changed = other_byte(body, by.randrange(len(body)), by=by)
    Entry.objects.filter(number=number).update(body=changed)
    return Place(number)


def _column(by: Random) -> Place:
    number, column = a_number(by), by.choice(["service", "kind", "subject", "actor"])
    text = getattr(Entry.objects.get(number=number), column)
    Entry.objects.filter(number=number).update(**{column: other_character(text, by=by)})
    return Place(number)


def _time(by: Random) -> Place:
    """As text, which it is on SQLite; what is no time any more is refused by PostgreSQL."""
    number = a_number(by)
    stored = str(sql("SELECT CAST(at AS text) FROM journal_entry WHERE number = %s", number)[0][0])
    on_sqlite = connection.vendor == "sqlite"
    if on_sqlite:
        # What stands between the figures may be another sign, and the time is still the same.
        at = by.choice([one for one, sign in enumerate(stored) if sign in FIGURES])
    else:
        at = len(stored.partition("+")[0]) - 1
    among = FIGURES + LETTERS if on_sqlite else FIGURES
    changed = stored[:at] + other_character(stored[at], by=by, among=among) + stored[at + 1 :]
    cast = "%s" if on_sqlite else "%s::timestamptz"
    sql(f"UPDATE journal_entry SET at = {cast} WHERE number = %s", changed, number)
    return Place(number)


def _number(by: Random) -> Place:
    number = a_number(by)
    taken = set(Entry.objects.values_list("number", flat=True))
    other = number
    while other in taken:
        other = int(other_character(f"{number:07}", by=by, among=FIGURES))
    Entry.objects.filter(number=number).update(number=other)
    return Place(number)


def _tile(by: Random) -> Place:
    tile = by.choice(list(Tile.objects.order_by("level", "index")))
    changed = other_byte(bytes(tile.hashes), by.randrange(len(tile.hashes)), by=by)
    Tile.objects.filter(pk=tile.pk).update(hashes=changed)
    return _of_tile(tile)


def _place_of_a_tile(by: Random) -> Place:
    tile = by.choice(list(Tile.objects.order_by("level", "index")))
    Tile.objects.filter(pk=tile.pk).update(index=tile.index + 1000 + by.randrange(1000))
    return _of_tile(tile)


def _head(by: Random) -> Place:
    head = the_head()
    note = other_character(head.note, by=by, among=FIGURES + LETTERS + "\n +")
    Checkpoint.objects.filter(size=head.size).update(note=note)
    return THE_HEAD


def _of_tile(tile: Tile) -> Place:
    name = tile_at(tile.level, tile.index, size=the_head().size)
    assert name
    return Place(path=name.path)


# Rows


def _removed(by: Random) -> Place:
    number = a_number(by)
    sql("DELETE FROM journal_entry WHERE number = %s", number)
    return Place(number)


def _removed_and_closed_up(by: Random) -> Place:
    place = _removed(by)
    _shift(after=place.number or 0, by_places=-1)
    return place


def _inserted(by: Random) -> Place:
    number = a_number(by)
    copied = Entry.objects.get(number=number)
    _shift(after=number, by_places=1)
    copied.pk, copied.number, copied.actor = None, number + 1, "staff:8"
    copied.save(force_insert=True)
    return Place(number if (number + 1) % 256 else number + 1)


def _swapped(by: Random) -> Place:
    one, other = by.sample(range(the_head().size), 2)
    for number, becomes in ((one, 10**9), (other, one), (10**9, other)):
        Entry.objects.filter(number=number).update(number=becomes)
    return Place(one)


def _end_removed(by: Random) -> Place:
    number = a_number(by)
    sql("DELETE FROM journal_entry WHERE number >= %s", number)
    return Place(number)


def _end_and_tiles_removed(by: Random) -> Place:
    place = _end_removed(by)
    sql('DELETE FROM journal_tile WHERE level = 0 AND "index" * 256 >= %s', place.number)
    return place


def _shift(*, after: int, by_places: int) -> None:
    far = 10**6
    sql("UPDATE journal_entry SET number = number + %s WHERE number > %s", far, after)
    back = far - by_places
    sql("UPDATE journal_entry SET number = number - %s WHERE number > %s", back, far)


ONE_BYTE: Mapping[str, Attack] = MappingProxyType(
    {
        "entry: its body": _body,
        "entry: service, kind, subject or actor": _column,
        "entry: its time": _time,
        "entry: its number": _number,
        "tile: its hashes": _tile,
        "tile: its place": _place_of_a_tile,
        "newest head: its note": _head,
    }
)
WHOLE_ROWS: Mapping[str, Attack] = MappingProxyType(
    {
        "an entry removed": _removed,
        "an entry removed, later ones renumbered": _removed_and_closed_up,
        "an entry inserted, later ones renumbered": _inserted,
        "two entries changed places": _swapped,
        "the last entries removed": _end_removed,
        "the last entries and their tiles removed": _end_and_tiles_removed,
    }
)

# What no signature covers


def _salt(by: Random) -> Place:
    entry = by.choice(list(Entry.objects.exclude(number=None).exclude(salts={}).order_by("id")))
    name, salt = by.choice(sorted(entry.salts.items()))
    changed = other_character(salt, by=by, among="0123456789abcdef")
    Entry.objects.filter(pk=entry.pk).update(salts={**entry.salts, name: changed})
    return Place(entry.number)


def _older_head(by: Random) -> Place:
    older = by.choice(list(Checkpoint.objects.order_by("-size")[1:]))
    note = other_character(older.note, by=by)
    Checkpoint.objects.filter(size=older.size).update(note=note)
    return THE_HEAD


def _key_of_a_row(by: Random) -> Place:
    number = a_number(by)
    Entry.objects.filter(number=number).update(id=10**9 + by.randrange(10**6))
    return Place(number)


NOT_COVERED: Mapping[str, Attack] = MappingProxyType(
    {
        "entry: a salt": _salt,
        "entry: the key of its row": _key_of_a_row,
        "an older head": _older_head,
    }
)
