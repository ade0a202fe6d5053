"""Banks and their signals, for services that keep their own lists in step with ours."""

from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from dutybound.matching import MAX_THRESHOLD, Effect, SignalKind
from dutybound_server.api.access import ServiceKeyBearer, ServiceRequest
from dutybound_server.api.paging import GREATEST_ID, After, Limit
from dutybound_server.api.problems import not_found, wrong_field
from dutybound_server.banks import actions
from dutybound_server.banks.checks import BadBank
from dutybound_server.banks.models import Bank
from dutybound_server.banks.queries import BankNotFound, bank_named, banks_of, live_signals
from dutybound_server.people.actors import service_actor
from dutybound_server.people.roles import Scope

Why = Annotated[str, Field(description="The reason, kept in the bank's history.")]
Threshold = Annotated[
    int, Field(ge=0, le=MAX_THRESHOLD, description="Largest distance in bits at which PDQ matches.")
]
Share = Annotated[
    float,
    Field(gt=0, le=1, description="A signal that matches more of recent items may only flag."),
]

A_BANK: dict[str, Any] = {
    "name": "ridge-words",
    "source": "Ridge Forum moderators",
    "harm": "hate",
    "effect": "hold",
    "dry_run": True,
}
A_BANK_NOW: dict[str, Any] = {
    **A_BANK,
    "threshold": 31,
    "any_orientation": True,
    "leetspeak": False,
    "enabled": True,
    "flood_share": 0.05,
    "description": "",
    "created_at": "2026-11-23T10:00:00Z",
    "signals": 1,
    "quarantined": 0,
}
A_SIGNAL: dict[str, Any] = {
    "kind": "phrase",
    "value": "zonk",
    "source_record": "7",
    "tags": ["mild"],
}
A_SIGNAL_NOW: dict[str, Any] = {
    "id": 17,
    **A_SIGNAL,
    "added_at": "2026-11-23T10:00:00Z",
    "quarantined_at": None,
}

router = Router(tags=["Banks"], auth=ServiceKeyBearer(Scope.BANKS))


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class NewBank(Strict):
    model_config = ConfigDict(json_schema_extra={"examples": [{**A_BANK, "why": "Our own list."}]})

    name: str
    source: str
    harm: Annotated[str, Field(description="A kind of harm of the register.")]
    effect: Effect
    threshold: Threshold = 31
    any_orientation: bool = True
    leetspeak: bool = False
    enabled: bool = True
    dry_run: bool = False
    flood_share: Share = 0.05
    description: str = ""
    why: Why


class BankChanges(Strict):
    """Only the fields that are sent change."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"threshold": 24, "why": "Look-alikes of a logo were held."}]
        }
    )

    effect: Effect | None = None
    threshold: Annotated[Threshold | None, Field(description="In bits, from 0 to 48.")] = None
    any_orientation: bool | None = None
    leetspeak: bool | None = None
    enabled: bool | None = None
    dry_run: bool | None = None
    flood_share: Annotated[Share | None, Field(description="Above 0, to 1.")] = None
    description: str | None = None
    why: Why


class BankState(Schema):
    model_config = ConfigDict(json_schema_extra={"examples": [A_BANK_NOW]})

    name: str
    source: str
    harm: str
    effect: Effect
    threshold: int
    any_orientation: bool
    leetspeak: bool
    enabled: bool
    dry_run: bool
    flood_share: float
    description: str
    created_at: datetime
    signals: Annotated[int, Field(alias="live", description="How many match now.")]
    quarantined: Annotated[int, Field(description="How many of them may only flag.")]


class Banks(Schema):
    model_config = ConfigDict(json_schema_extra={"examples": [{"banks": [A_BANK_NOW]}]})

    banks: list[BankState]


class OfferedSignal(Strict):
    kind: SignalKind
    value: str
    source_record: Annotated[str, Field(description="The source's own id of it.")] = ""
    tags: list[str] = []


class OfferedSignals(Strict):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"signals": [A_SIGNAL], "why": "Reported this week."}]}
    )

    signals: list[OfferedSignal]
    why: Why


class AddedSignals(Schema):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"added": 1, "already": 0, "version": 12}]}
    )

    added: int
    already: Annotated[int, Field(description="Live already, or twice in the call.")]
    version: Annotated[int, Field(description="Verdicts of this version and later know them.")]


class RemovedIds(Strict):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ids": [17], "why": "The source withdrew it."}]}
    )

    ids: list[Annotated[int, Field(ge=1, le=GREATEST_ID)]]
    why: Why


class RemovedSignals(Schema):
    model_config = ConfigDict(json_schema_extra={"examples": [{"removed": 1}]})

    removed: int


class SignalState(Schema):
    id: int
    kind: SignalKind
    value: str
    source_record: str
    tags: list[str]
    added_at: datetime
    quarantined_at: datetime | None


class SignalPage(Schema):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"signals": [A_SIGNAL_NOW], "next": None}]}
    )

    signals: list[SignalState]
    next: Annotated[int | None, Field(description="Send it as `after` for the next page.")]


@router.get("/banks", response=Banks, summary="List the banks", by_alias=False)
def list_banks(request: ServiceRequest) -> dict[str, Any]:
    return {"banks": list(banks_of(request.auth.service))}


@router.post("/banks", response={201: BankState}, summary="Make a bank", by_alias=False)
def create_bank(request: ServiceRequest, new: NewBank) -> Status[Bank]:
    try:
        bank = actions.create_bank(
            service=request.auth.service, by=_actor(request), now=timezone.now(), **new.dict()
        )
    except BadBank as bad:
        raise wrong_field(bad.field, str(bad)) from None
    return Status(201, _bank(request, bank.name))


@router.get("/banks/{name}", response=BankState, summary="Read one bank", by_alias=False)
def get_bank(request: ServiceRequest, name: str) -> Bank:
    return _bank(request, name)


@router.patch("/banks/{name}", response=BankState, summary="Change a bank", by_alias=False)
def change_bank(request: ServiceRequest, name: str, changes: BankChanges) -> Bank:
    changed = changes.dict(exclude_none=True)
    why = changed.pop("why")
    try:
        actions.change_bank(
            bank=_bank(request, name),
            changes=changed,
            why=why,
            by=_actor(request),
            now=timezone.now(),
        )
    except BadBank as bad:
        raise wrong_field(bad.field, str(bad)) from None
    return _bank(request, name)


@router.get("/banks/{name}/signals", response=SignalPage, summary="Page through the signals")
def list_signals(
    request: ServiceRequest,
    name: str,
    after: After = 0,
    limit: Limit = 100,
) -> dict[str, Any]:
    page = list(live_signals(_bank(request, name)).filter(id__gt=after)[: limit + 1])
    is_last = len(page) <= limit
    return {"signals": page[:limit], "next": None if is_last else page[limit - 1].id}


@router.post("/banks/{name}/signals", response=AddedSignals, summary="Add signals")
def add_signals(request: ServiceRequest, name: str, offered: OfferedSignals) -> actions.Added:
    """All or none: one wrong signal refuses the call and is named."""
    try:
        return actions.add_signals(
            bank=_bank(request, name),
            signals=[
                actions.NewSignal(one.kind, one.value, one.source_record, tuple(one.tags))
                for one in offered.signals
            ],
            why=offered.why,
            by=_actor(request),
            now=timezone.now(),
        )
    except actions.BadNewSignal as bad:
        raise wrong_field(f"signals[{bad.position}].{bad.field}", str(bad)) from None
    except BadBank as bad:
        raise wrong_field(bad.field, str(bad)) from None


@router.post("/banks/{name}/signals:remove", response=RemovedSignals, summary="Remove signals")
def remove_signals(request: ServiceRequest, name: str, gone: RemovedIds) -> dict[str, int]:
    """Ids that are removed already, or of another bank, are left out of the count."""
    try:
        removed = actions.remove_signals(
            bank=_bank(request, name),
            ids=gone.ids,
            why=gone.why,
            by=_actor(request),
            now=timezone.now(),
        )
    except BadBank as bad:
        raise wrong_field(bad.field, str(bad)) from None
    return {"removed": removed}


def _bank(request: ServiceRequest, name: str) -> Bank:
    try:
        return bank_named(request.auth.service, name)
    except BankNotFound as absent:
        raise not_found(str(absent)) from None


def _actor(request: ServiceRequest) -> str:
    return service_actor(request.auth.service)
