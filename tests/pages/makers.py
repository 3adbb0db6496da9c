"""Pages and files for tests, published unless told otherwise."""

from __future__ import annotations

import io
from typing import Any, TypeVar

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image as Picture

from portal.pages.deeds.make_renditions import make
from portal.pages.deeds.read_documents import read
from portal.pages.models import (
    Audience,
    BoardPage,
    Document,
    HomePage,
    Image,
    NewsIndexPage,
    NewsPage,
    PortalPage,
    Rendition,
    StandardPage,
    ToolkitIndexPage,
    ToolkitPage,
)
from portal.search.asking.finding import find

P = TypeVar("P", bound=PortalPage)


def found(word: str, user: Any) -> int:
    """How many documents a search for it finds."""
    return find(word, user=user, kinds=["document"]).total


def home() -> HomePage:
    """The home page that the migration made."""
    page: HomePage = HomePage.objects.get()
    return page


def add(parent: PortalPage, page: P) -> P:
    """`page`, published below `parent`."""
    parent.refresh_from_db()
    parent.add_child(instance=page)
    return page


def make_page(title: str = "About", parent: PortalPage | None = None, **fields: Any) -> StandardPage:
    return add(parent or home(), StandardPage(**{"title": title, "audience": Audience.PUBLIC} | fields))


def make_board(**fields: Any) -> BoardPage:
    return add(home(), BoardPage(**{"title": "Board", "audience": Audience.PUBLIC} | fields))


def news_index() -> NewsIndexPage:
    found: NewsIndexPage | None = NewsIndexPage.objects.first()
    return found or add(home(), NewsIndexPage(title="News", audience=Audience.PUBLIC))


def make_news(title: str = "New board elected", **fields: Any) -> NewsPage:
    return add(news_index(), NewsPage(**{"title": title, "audience": Audience.PUBLIC} | fields))


def toolkit_index() -> ToolkitIndexPage:
    found: ToolkitIndexPage | None = ToolkitIndexPage.objects.first()
    return found or add(home(), ToolkitIndexPage(title="Toolkits", audience=Audience.PUBLIC))


def make_toolkit(title: str = "Device repair", *, tags: tuple[str, ...] = (), **fields: Any) -> ToolkitPage:
    page = ToolkitPage(**{"title": title, "audience": Audience.PUBLIC} | fields)
    page.tags.add(*tags)
    return add(toolkit_index(), page)


def png(width: int = 40, height: int = 30) -> bytes:
    stream = io.BytesIO()
    Picture.new("RGB", (width, height), "navy").save(stream, "PNG")
    return stream.getvalue()


def make_image(
    audience: str = Audience.MEMBERS,
    title: str = "Bench",
    name: str = "bench.png",
    content: bytes = b"",
    *,
    is_made: bool = True,
) -> Image:
    """What pages show of it is made, unless told otherwise: most tests never commit."""
    image: Image = Image(title=title, audience=audience, file=ContentFile(content or png(), name=name))
    image.save()
    if is_made:
        make(image)
    return image


def shown_of(image: Image) -> Rendition:
    """What pages show of it."""
    found = image.shown
    assert found is not None
    return found


def make_document(
    audience: str = Audience.MEMBERS, name: str = "minutes.txt", content: bytes = b"Minutes", *, is_read: bool = True
) -> Document:
    """The worker has read it for search, unless told otherwise: most tests never commit."""
    document: Document = Document(title=name, audience=audience, file=ContentFile(content, name=name))
    document.save()
    if is_read:
        read(timezone.now())
    return document
