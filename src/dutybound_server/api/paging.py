"""How long lists are read: a page at a time, each after the last number of the one before."""

from typing import Annotated

from ninja import Query

GREATEST_ID = 2**63 - 1

After = Annotated[int, Query(ge=0, le=GREATEST_ID)]
Limit = Annotated[int, Query(ge=1, le=1000)]
