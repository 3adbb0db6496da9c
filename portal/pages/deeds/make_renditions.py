"""What pages show of an image: made after the commit, at once where that is quick, else by the worker.

Until it is there pages go on showing what was made of the file before, or the image's words where there was none.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from functools import partial
from time import monotonic
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import task
from wagtail.images.models import Filter, SourceImageIOError

from portal.away import why
from portal.pages.models.media import GIVEN_UP, SHOWN_SIZE, Image, Rendition
from portal.tasks import ask_if

log = structlog.get_logger(__name__)

QUICK_PIXELS = 4_000_000
BATCH = 20
RUN_SECONDS = 10.0
"""No image is begun later; what is left waits for the next run."""


def make_after_commit(instance: Image, *, raw: bool = False, **kwargs: Any) -> None:
    """Told by Django that an image was saved: its file may be another."""
    if not raw:
        transaction.on_commit(partial(make_soon, instance.pk), robust=True)


def make_soon(pk: int) -> None:
    image = Image.objects.unmade().filter(pk=pk).first()
    if image is not None and image.width * image.height <= QUICK_PIXELS:
        make(image)
    elif image is not None:
        make_waiting.enqueue()


def make_if_waiting(now: datetime) -> int:
    """1 where the worker had to be asked."""
    return ask_if(Image.objects.unmade().exists(), make_waiting)


@task(priority=-10)
def make_waiting() -> int:
    """Behind other tasks, whose priority is 0."""
    return make_due(timezone.now())


def make_due(now: datetime) -> int:
    """Some of the images whose size for pages is missing, whichever they are: one that cannot be read holds up none."""
    until = monotonic() + RUN_SECONDS
    return sum(make(image) for image in Image.objects.unmade().order_by("?")[:BATCH] if monotonic() < until)


def make(image: Image) -> bool:
    """Make it anew. The old one is shown until the new one stands in its place.

    False where the file cannot be read, which is tried again only if it is because a disk is away, and where another
    was quicker, or the image was deleted meanwhile.
    """
    try:
        content = image.generate_rendition_file(Filter(spec=SHOWN_SIZE))
    except SourceImageIOError as error:
        log.warning("image_not_shown", image=image.pk, reason=str(error))
        if not why(error):
            _give_up(image)
        return False
    rows = Rendition.objects.filter(image=image, filter_spec=SHOWN_SIZE, focal_point_key="")
    made = Rendition(image=image, filter_spec=SHOWN_SIZE, file=content, sha256=image.sha256)
    try:
        with transaction.atomic():
            before = rows.select_for_update().first()
            made.pk = before.pk if before else None
            made.save()
    except Exception as error:
        made.file.storage.delete(made.file.name)
        if isinstance(error, IntegrityError):
            return False
        raise
    if before:
        made.file.storage.delete(before.file.name)
    return True


def _give_up(image: Image) -> None:
    """Keep that nothing can be made of this file."""
    mark = {"image": image, "filter_spec": SHOWN_SIZE, "focal_point_key": GIVEN_UP}
    with suppress(IntegrityError):  # the image was deleted
        Rendition.objects.update_or_create(**mark, defaults={"sha256": image.sha256, "width": 0, "height": 0})
