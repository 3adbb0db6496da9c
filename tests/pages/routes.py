"""The permission table of the page tree and of files."""

from __future__ import annotations

from functools import partial
from typing import Any

from portal.pages.models import Audience
from tests.architecture.routes import Route, everybody
from tests.pages.makers import make_document, make_image, make_page
from tests.people import Cast

MEMBERS_ONLY = everybody(200, visitor=404, stranger=404)
OFFICERS_ONLY = everybody(404, officer=200)


def _page(audience: Audience) -> Any:
    def make(cast: Cast) -> dict[str, Any]:
        return {"path": make_page(audience=audience).url.lstrip("/")}

    return make


def _image(cast: Cast) -> dict[str, Any]:
    return {"name": make_image().get_rendition("width-20").file.name}


def _document(audience: Audience) -> Any:
    def make(cast: Cast) -> dict[str, Any]:
        document = make_document(audience)
        return {"pk": document.pk, "filename": document.filename}

    return make


def _number(make: Any) -> Any:
    return lambda cast: {"pk": make().pk}


TO_MEMBERS = everybody(302, visitor=404, stranger=404)

ROUTES: list[Route] = [
    Route("wagtail_serve", everybody(200), make=lambda cast: {"path": ""}),
    Route("wagtail_serve", everybody(200), make=_page(Audience.PUBLIC)),
    Route("wagtail_serve", MEMBERS_ONLY, make=_page(Audience.MEMBERS)),
    Route("wagtail_serve", OFFICERS_ONLY, make=_page(Audience.OFFICERS)),
    Route("wagtaildocs_serve", MEMBERS_ONLY, make=_document(Audience.MEMBERS)),
    Route("wagtaildocs_serve", OFFICERS_ONLY, make=_document(Audience.OFFICERS)),
    Route("pages:page", TO_MEMBERS, make=_number(partial(make_page, audience=Audience.MEMBERS))),
    Route("pages:page", everybody(404), make=_number(partial(make_page, audience=Audience.PUBLIC, live=False))),
    Route("pages:document", TO_MEMBERS, make=_number(partial(make_document, Audience.MEMBERS))),
    Route("pages:media", MEMBERS_ONLY, make=_image),
    Route("pages:sitemap", everybody(200)),
    Route("pages:robots", everybody(200)),
    Route("pages:style-guide", everybody(200)),
    Route("pages:theme", None, everybody(302), form=lambda cast: {"theme": "dark"}),
]
