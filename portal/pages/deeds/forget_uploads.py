"""Files that Wagtail stores for an upload whose title was refused, and that nobody finished."""

from __future__ import annotations

from datetime import datetime, timedelta

from wagtail.models import UploadedFile

KEPT = timedelta(days=1)


def forget_uploads(now: datetime) -> int:
    """The due job: those older than a day, a hundred in each run; how many."""
    done = 0
    for upload in UploadedFile.objects.order_by("pk")[:100]:
        storage, name = upload.file.storage, upload.file.name
        if not storage.exists(name) or storage.get_modified_time(name) < now - KEPT:
            storage.delete(name)
            upload.delete()
            done += 1
    return done
