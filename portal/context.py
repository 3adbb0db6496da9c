"""What every template may use."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from portal.districts.models.chapter import Chapter
from portal.districts.models.standing import standing_of
from portal.http import theme_of


def portal(request: HttpRequest) -> dict[str, Any]:
    """`chapter`, `standing`, `now` and the chosen `theme` ("light", "dark" or "" for the system's)."""
    return {
        "chapter": Chapter.current(),
        "standing": standing_of(getattr(request, "user", None)),
        "now": timezone.now(),
        "theme": theme_of(request),
    }
