"""A written record as its page shows it."""

from typing import Any

from dutybound.risk.record_parts import Record


def for_page(written: Record) -> list[dict[str, Any]]:
    """The sections of a record; each cell of a table beside the name of its column."""
    sections: list[dict[str, Any]] = written.as_dict()["sections"]
    for section in sections:
        for part in section["parts"]:
            if part["kind"] == "table":
                columns = part["columns"]
                part["rows"] = [list(zip(columns, row, strict=True)) for row in part["rows"]]
    return sections
