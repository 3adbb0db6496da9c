"""What an officer hides, they hide with a reason, and whoever wrote it is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from knowledge.models import Adoption, Answer, Practice, Question
from portal.districts.models import User
from portal.notices.deeds.tell import tell
from portal.refusals import Refused


def require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Say why you hide this. Whoever wrote it reads your reason."))


def tell_hidden(
    thing: Practice | Question | Answer | Adoption,
    authors: Iterable[User | None],
    *,
    text: str,
    reason: str,
    by: User,
    at: datetime,
) -> None:
    """`text` is what they wrote, and get back; "" where they still have it."""
    tell(
        "hidden",
        [author for author in authors if author is not None],
        key=f"hidden:{thing._meta.model_name}:{thing.pk}:{at.isoformat()}",
        at=at,
        title=_title(thing),
        url=_where(thing),
        text=text,
        reason=reason,
        by=by,
    )


def _title(thing: Practice | Question | Answer | Adoption) -> str:
    match thing:
        case Answer():
            return _("your answer to “%(title)s”") % {"title": thing.question.title}
        case Adoption():
            return _("what you wrote about “%(title)s”") % {"title": thing.practice.title}
        case Practice():
            return _("the practice “%(title)s”") % {"title": thing.title}
        case _:
            return _("your question “%(title)s”") % {"title": thing.title}


def _where(thing: Practice | Question | Answer | Adoption) -> str:
    """A page that its author may open."""
    page = thing.district if isinstance(thing, Practice) else thing.practice if isinstance(thing, Adoption) else thing
    return page.get_absolute_url()
