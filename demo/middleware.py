"""The demo answers this machine only: `/demo/` signs anybody in."""

from collections.abc import Callable
from ipaddress import ip_address

from django.http import HttpRequest, HttpResponse


class LoopbackOnlyMiddleware:
    """403 for a caller on another machine, whatever address the server was bound to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_loopback(request.META.get("REMOTE_ADDR", "")):
            return HttpResponse("The demo answers this machine only.\n", status=403, content_type="text/plain")
        return self.get_response(request)


def is_loopback(address: str) -> bool:
    """False for anything that is not an IP address."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_loopback
