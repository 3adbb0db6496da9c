"""The gate of the Wagtail admin."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from portal.districts.standing import standing_of


class AdminGateMiddleware:
    """`/admin/` exists for officers whose membership is in force today, whatever groups they were left in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.path.startswith("/admin/")
            and request.user.is_authenticated
            and not standing_of(request.user).is_officer
        ):
            raise Http404
        return self.get_response(request)
