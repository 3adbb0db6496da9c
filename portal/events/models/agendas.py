"""What a meeting talks about."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.districts.models import District, User
from portal.events.models.fingerprint import Fingerprinted
from portal.events.models.meetings import Meeting
from portal.prose import KeptHTML
from portal.search.entries.indexing import IndexedModel, IndexedQuerySet, Touched


class ItemKind(models.TextChoices):
    INFORMATION = "information", _("Information")
    DISCUSSION = "discussion", _("Discussion")
    DECISION = "decision", _("Decision")


class AgendaItemQuerySet(IndexedQuerySet["AgendaItem"]):
    unindexed = frozenset({"version", "minutes_planned", "kind", "linked_kind", "linked_id", "is_finished", "repeats"})

    def touched(self) -> Touched:
        """The items, and the meetings that name them; the minutes hold their notes."""
        rows = list(self.order_by().values_list("pk", "meeting_id"))
        meetings = list({meeting_id for _pk, meeting_id in rows})
        return [("agenda-item", [pk for pk, _ in rows]), ("meeting", meetings), ("minutes", meetings)]

    def accepted(self) -> AgendaItemQuerySet:
        """On the agenda, in order; what members proposed is not, until the host takes it."""
        return self.filter(is_proposal=False).order_by("position", "pk")


class AgendaItem(IndexedModel, Fingerprinted):
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("title"), max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind.choices, default=ItemKind.DISCUSSION)
    minutes_planned = models.PositiveSmallIntegerField(_("minutes"), default=10)
    owner = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who leads it"),
        help_text=_("Empty: the host."),
    )
    body = models.TextField(_("what it is about"), max_length=10_000, blank=True)
    body_html = KeptHTML()
    notes = models.TextField(_("minutes"), max_length=50_000, blank=True)
    notes_html = KeptHTML()
    version = models.PositiveIntegerField(default=0)
    """Rises with every save of the notes, so that a stale one is noticed."""
    linked_kind = models.CharField(max_length=40, blank=True)
    """With `linked_id`: a thing that search knows; resolved by `portal.search.asking.links` for each reader."""
    linked_id = models.BigIntegerField(null=True, blank=True)
    carried_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="carried_to", editable=False
    )
    repeats = models.BooleanField(_("on every agenda"), default=False)
    is_finished = models.BooleanField(_("finished"), default=False)
    is_proposal = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    FORM_FIELDS = ("title", "kind", "minutes_planned", "owner", "body", "repeats")

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "carried_from"], name="agenda_item_carried_once"),
            models.CheckConstraint(
                condition=Q(linked_kind="", linked_id__isnull=True) | (~Q(linked_kind="") & Q(linked_id__isnull=False)),
                name="agenda_item_link_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["linked_kind", "linked_id"], name="agenda_item_by_link")]

    def __str__(self) -> str:
        return self.title

    @property
    def link_key(self) -> tuple[str, int] | None:
        return (self.linked_kind, self.linked_id) if self.linked_id is not None else None
