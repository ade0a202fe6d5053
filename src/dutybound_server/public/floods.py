"""What whoever sends too much at once reads: to wait a minute, and who helps now."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dutybound.cases.signposts import emergency
from dutybound_server.casework.tellers import network_digest
from dutybound_server.lib.floods import Floods
from dutybound_server.people.addresses import address_of

GUESSES = Floods(60)
"""Of addresses that are secret, from one network in a minute. Who has a true one is let in."""


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    context = {"emergency": emergency()}
    response = render(request, "public/report/too_many.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response


def guessed(request: HttpRequest, otherwise: HttpResponse) -> HttpResponse:
    """The answer to a secret address that nobody has; after too many, only to wait."""
    wait = GUESSES.seconds_to_wait(network_digest(address_of(request)))
    return too_many(request, wait) if wait else otherwise
