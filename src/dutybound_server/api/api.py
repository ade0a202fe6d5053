"""The JSON API: one router an area, one OpenAPI document that is a product of its own."""

import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from pydantic import BaseModel
from pydantic_core import from_json

from dutybound import __version__
from dutybound_server.api.item_schemas import ItemIn
from dutybound_server.api.problems import (
    MEDIA_TYPE,
    Problem,
    ProblemDocument,
    tell_problems,
)

SCHEMAS: tuple[type[BaseModel], ...] = (ProblemDocument, ItemIn)
"""What the document names although no operation declares it to Ninja."""

DESCRIPTION = """\
Send what your accounts post, get a verdict in the same request, and pull what was decided.

Every call carries `Authorization: Bearer <service key>`. A key has scopes: `items` for items and
deleted accounts, `banks` for banks, `enforcements` for enforcements, sanctions and notices,
`concerns` for reports and complaints. Trusted flaggers have keys of their own, which open their
reports and nothing else.

Every refusal is an RFC 9457 problem document (`application/problem+json`) that names the field
and says what was expected.
Unknown fields are refused, so a misspelt name is never silently ignored."""


class StrictParser(Parser):
    """JSON only, with the position of a mistake."""

    def parse_body(self, request: HttpRequest) -> Any:  # noqa: ANN401 - any JSON value
        if request.content_type != "application/json":
            raise Problem(415, f"expected application/json, got {request.content_type!r}")
        return from_json(request.body, allow_inf_nan=False)


class Api(NinjaAPI):
    """Ninja with operation ids that are the views' own names, and problems in the document."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(
        self,
        *,
        path_prefix: str | None = None,
        path_params: dict[str, Any] | None = None,
    ) -> OpenAPISchema:
        document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for model in SCHEMAS:
            schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
            document["components"]["schemas"] |= schema.pop("$defs", {}) | {model.__name__: schema}
        for methods in document["paths"].values():
            for operation in methods.values():
                _say_what_a_refusal_is(operation)
        return document


def _say_what_a_refusal_is(operation: Mapping[str, Any]) -> None:
    schema = {"$ref": "#/components/schemas/ProblemDocument"}
    operation["responses"].setdefault(
        "default",
        {"description": "A problem document", "content": {MEDIA_TYPE: {"schema": schema}}},
    )


api = Api(
    title="Dutybound",
    version=__version__,
    description=re.sub(r"(?<!\n)\n(?!\n)", " ", DESCRIPTION),
    urls_namespace="api",
    docs_url=None,
    parser=StrictParser(),
)
tell_problems(api)
api.add_router("", "dutybound_server.api.items.router")
api.add_router("", "dutybound_server.api.banks.router")
api.add_router("", "dutybound_server.api.enforcements.router")
api.add_router("", "dutybound_server.api.notices.router")
api.add_router("", "dutybound_server.api.flags.router")
api.add_router("", "dutybound_server.api.statements.router")
api.add_router("", "dutybound_server.api.concerns.router")
api.add_router("", "dutybound_server.api.accounts.router")
