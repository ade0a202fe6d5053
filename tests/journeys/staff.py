"""A member of staff at the console, without a browser: forms and a session."""

import http.client
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from tests.journeys.prepare import PASSWORD


class Staff:
    """Signed in for as long as the installation lives."""

    def __init__(self, address: str, *, email: str) -> None:
        self.address = address
        self.jar = CookieJar()
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(self.jar))
        self.opener.open(f"{address}/accounts/login/", timeout=20).close()
        status = self.post("/accounts/login/", {"login": email, "password": PASSWORD})
        assert status == http.client.OK, status

    def post(self, path: str, form: dict[str, str]) -> int:
        """The status of what the form leads to."""
        token = next(cookie.value for cookie in self.jar if cookie.name == "csrftoken") or ""
        body = urlencode({**form, "csrfmiddlewaretoken": token}).encode()
        request = Request(self.address + path, data=body, headers={"Referer": self.address + path})
        try:
            with self.opener.open(request, timeout=20) as answer:
                return int(answer.status)
        except HTTPError as refusal:
            with refusal:
                return refusal.code
