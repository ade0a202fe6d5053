"""One signed POST, as standardwebhooks.com describes it. No database in here: threads run it."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import urllib3
from standardwebhooks import Webhook

from dutybound_server.casework.models import Delivery, Endpoint

TIMEOUT_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Request:
    url: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status, or None and words for why nothing did."""

    status: int | None
    words: str

    @property
    def is_taken(self) -> bool:
        return self.status is not None and HTTPStatus.OK <= self.status < 300

    @property
    def is_gone(self) -> bool:
        return self.status == HTTPStatus.GONE


def signed_request(delivery: Delivery, *, now: datetime) -> Request:
    """The delivery's body under its lasting id, signed for this moment."""
    signatures = (
        Webhook(secret).sign(delivery.message_id, now, delivery.payload)
        for secret in _secrets(delivery.endpoint, now=now)
    )
    return Request(
        url=delivery.endpoint.url,
        body=delivery.payload.encode(),
        headers={
            "Content-Type": "application/json",
            "User-Agent": "Dutybound",
            "webhook-id": delivery.message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signatures),
        },
    )


def post(request: Request) -> Answer:
    """Send it once and read no more than the status; a redirect is not followed."""
    timeout = urllib3.Timeout(total=TIMEOUT_SECONDS)
    with urllib3.PoolManager(num_pools=1, retries=False, timeout=timeout) as pool:
        try:
            response = pool.request(
                "POST",
                request.url,
                body=request.body,
                headers=request.headers,
                redirect=False,
                preload_content=False,
            )
        except urllib3.exceptions.NewConnectionError as problem:
            # Before the next clause, since to urllib3 this is a kind of time-out.
            return Answer(None, f"no connection: {problem}")
        except urllib3.exceptions.TimeoutError:
            return Answer(None, f"no answer within {TIMEOUT_SECONDS} seconds")
        except urllib3.exceptions.SSLError as problem:
            return Answer(None, f"no secure connection: {problem}")
        except urllib3.exceptions.HTTPError as problem:
            return Answer(None, f"no connection: {problem}")
        response.close()
        return Answer(response.status, f"HTTP {response.status}")


def _secrets(endpoint: Endpoint, *, now: datetime) -> list[str]:
    old_until = endpoint.old_secret_until
    has_old = old_until is not None and now < old_until
    return [endpoint.secret, endpoint.old_secret] if has_old else [endpoint.secret]
