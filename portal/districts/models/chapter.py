"""The chapter's identity: the only place where its name and state stand."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.validators import FileExtensionValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kept import Kept


def validate_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("Choose a time zone such as America/Chicago."))


LOGO_BYTES = 512 * 1024
LOGO_EXTENSIONS = ["png", "jpg", "jpeg", "webp"]


def validate_logo_size(logo: File[bytes]) -> None:
    if logo.size > LOGO_BYTES:
        raise ValidationError(_("Choose a logo under 512 KB."))


class Chapter(models.Model):
    """One row, made by `start_chapter` and edited on the Set up page."""

    name = models.CharField(_("name"), max_length=80, default="Roundtable")
    state = models.CharField(
        _("state"), max_length=40, blank=True, help_text=_("Its name alone, as it stands in a sentence.")
    )
    zone = models.CharField(_("time zone"), max_length=40, default="America/Chicago", validators=[validate_zone])
    sentence = models.CharField(
        _("one sentence"),
        max_length=160,
        default=_("See what works in districts like yours. Meet monthly. Buy together."),
        help_text=_("The first words a visitor reads."),
    )
    office_word = models.CharField(
        _("word for a regional office"),
        max_length=12,
        default="ROE",
        blank=True,
        help_text=_("What the state calls its regional education agencies, for short: ROE, CESA, ESC. “ROE 31: Kane”."),
    )
    contact = models.CharField(
        _("public contact"),
        max_length=120,
        blank=True,
        help_text=_("A phone number or an address at which somebody who cannot get in reaches you. Visitors read it."),
    )
    logo = models.ImageField(
        _("logo"),
        upload_to="chapter/",
        blank=True,
        help_text=_("PNG, JPEG or WebP under 512 KB; shown 40 px high."),
        validators=[FileExtensionValidator(LOGO_EXTENSIONS), validate_logo_size],
    )
    set_up_at = models.DateTimeField(_("set up finished"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapter")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_chapter")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.pk = 1
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        _chapter.forget()

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @classmethod
    def current(cls) -> Chapter:
        """The chapter, kept in the process for five seconds, so that a page costs no query for its own name."""
        return _chapter.get()


_chapter = Kept(5.0, lambda: Chapter.objects.filter(pk=1).first() or Chapter(pk=1))
