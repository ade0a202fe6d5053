"""What every answer carries: its request id, and what the browser shall refuse."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_sane_request_id_is_kept_and_any_other_is_replaced(client: Client) -> None:
    kept = client.get("/healthz", headers={"X-Request-ID": "edge-7f3a.0001"})
    assert kept["X-Request-ID"] == "edge-7f3a.0001"

    for insane in ("short", "x" * 65, 'a"b{}injected', ""):
        answer = client.get("/healthz", headers={"X-Request-ID": insane})
        assert answer["X-Request-ID"] != insane
        assert len(answer["X-Request-ID"]) == 16


@pytest.mark.parametrize("address", ["/accounts/login/", "/api/v1/nothing", "/nothing", "/healthz"])
def test_every_answer_forbids_inline_script_frames_and_sniffing(
    client: Client, address: str
) -> None:
    answer = client.get(address)

    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "no-store" in answer["Cache-Control"]
