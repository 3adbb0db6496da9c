"""Pictures that an earlier release stored as they came, with what a camera had noted: written anew, once each."""

from __future__ import annotations

from datetime import datetime
from time import monotonic
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from portal.pages.models.media import SHOWN_SIZE, Document, Image
from portal.pages.models.uploads import is_picture
from portal.pictures import plain
from portal.progress import Progress

log = structlog.get_logger(__name__)

RUN_SECONDS = 10.0
COLUMNS = ["file", "file_size", "file_hash", "sha256"]


def rewrite_pictures(now: datetime) -> int:
    """The due job: from the newest that was there when it first ran down to the oldest, some in each run; how many."""
    until = monotonic() + RUN_SECONDS
    return sum(_rewrite_some(model, now, until) for model in (Image, Document))


def _rewrite_some(model: Any, now: datetime, until: float) -> int:
    rows = model.objects.order_by("-pk")
    newest = (rows.aggregate(pk=Max("pk"))["pk"] or 0) + 1
    name = f"plain {model._meta.model_name}"
    progress, _is_new = Progress.objects.get_or_create(name=name, defaults={"at": now, "after": newest})
    done = 0
    for item in rows.filter(pk__lt=progress.after).iterator(chunk_size=100):
        if monotonic() >= until:
            break
        done += is_picture(item.file.name) and _rewrite(item)
        Progress.objects.filter(name=name).update(after=item.pk, at=now)
    return done


def _rewrite(item: Any) -> bool:
    """False where the file cannot be read; it stays as it is, and no page is shown it."""
    try:
        kept = plain(item.file)
    except (ValidationError, OSError) as error:
        log.warning("picture_not_rewritten", kind=item._meta.model_name, id=item.pk, reason=str(error))
        return False
    with transaction.atomic():
        stored = type(item).objects.select_for_update().get(pk=item.pk)
        if stored.file.name != item.file.name:  # somebody replaced it meanwhile
            return False
        stored.file, stored.file_size, stored.file_hash = kept, kept.size, ""
        stored.save(update_fields=[*COLUMNS, *(["width", "height"] if isinstance(item, Image) else [])])
        if isinstance(item, Image):
            stored.renditions.exclude(filter_spec=SHOWN_SIZE).delete()
        transaction.on_commit(lambda: item.file.storage.delete(item.file.name))
    return True
