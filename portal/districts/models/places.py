"""Counties, regional offices and districts: the directory."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from portal.districts.signals import offices_changed
from portal.formats import number

GRADES = ["PK", "KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"]
"""Grades in order, as the state directory writes them."""


class County(models.Model):
    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True, editable=False)

    class Meta:
        verbose_name = _("county")
        verbose_name_plural = _("counties")
        ordering = ["name"]

    def __str__(self) -> str:
        return str(_("%(name)s County") % {"name": self.name})

    def save(self, *args: object, **kwargs: object) -> None:
        self.slug = self.slug or slugify(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return reverse("districts:county-detail", args=[self.slug])


class RegionalOffice(models.Model):
    """A Regional Office of Education: one host for one county or several."""

    code = models.CharField(_("code"), max_length=4, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True, help_text=_("Empty: ROE and its counties."))
    counties = models.ManyToManyField(County, related_name="offices", verbose_name=_("counties"), blank=True)
    county_ids = models.JSONField(default=list, editable=False)
    """The ids of `counties`, kept with the row so that a host's rights cost no query of their own."""
    label = models.CharField(max_length=200, editable=False)
    """How the office is named on screen, kept with the row: "ROE 31: Kane"."""

    class Meta:
        verbose_name = _("regional office")
        verbose_name_plural = _("regional offices")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.label

    @transaction.atomic
    def set_counties(self, counties: list[County]) -> None:
        """The only way to change an office's counties: the set, its ids and the label together.

        Who may read what is the office's follows from them, so `offices_changed` is sent.
        """
        self.counties.set(counties)
        self.county_ids = sorted(county.pk for county in counties)
        names = ", ".join(sorted(county.name for county in counties))
        self.label = self.name or (f"ROE {self.code.lstrip('0')}: {names}" if names else f"ROE {self.code}")
        self.save(update_fields=["county_ids", "label"])
        offices_changed.send(sender=RegionalOffice, ids=[self.pk])

    def save(self, *args: object, **kwargs: object) -> None:
        self.label = self.label or self.name or f"ROE {self.code}"
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class DistrictQuerySet(models.QuerySet["District"]):
    def in_directory(self) -> DistrictQuerySet:
        """School districts proper: cooperatives and service agencies are kept but not counted."""
        return self.filter(is_district=True)

    def named_like(self, text: str) -> DistrictQuerySet:
        """Name, short name, alias or city, every word of `text` somewhere in them."""
        found = self
        for word in find_words(text)[:8]:
            found = found.filter(find_text__contains=word)
        return found


def find_words(text: str) -> list[str]:
    """`text` as distinct lower-case words without punctuation: "U-46" and "u46" are the same word."""
    joined = text.replace("-", "").replace(".", "").replace("'", "").lower()
    return list(dict.fromkeys("".join(c if c.isalnum() else " " for c in joined).split()))


class District(models.Model):  # type: ignore[django-manager-missing]
    """A local education agency of the state directory. Shares are percent of enrollment; None is not reported."""

    nces_id = models.CharField(_("NCES id"), max_length=7, unique=True)
    rcdts = models.CharField(_("RCDTS code"), max_length=15, blank=True)
    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=40, help_text=_("As neighbors say it: Kaneland, U-46."))
    aliases = models.JSONField(_("other names"), default=list, blank=True)
    slug = models.SlugField(max_length=140, unique=True, editable=False)
    county = models.ForeignKey(
        County, on_delete=models.PROTECT, null=True, blank=True, related_name="districts", verbose_name=_("county")
    )
    regional_office = models.ForeignKey(
        RegionalOffice,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="districts",
        verbose_name=_("regional office"),
    )
    kind = models.CharField(_("kind"), max_length=60)
    is_district = models.BooleanField(_("listed in the directory"), default=True)
    address = models.CharField(_("address"), max_length=120, blank=True)
    city = models.CharField(_("city"), max_length=60, blank=True)
    zip_code = models.CharField(_("ZIP code"), max_length=10, blank=True)
    website = models.URLField(_("website"), blank=True)
    lowest_grade = models.CharField(_("lowest grade"), max_length=2, blank=True)
    highest_grade = models.CharField(_("highest grade"), max_length=2, blank=True)
    schools = models.PositiveIntegerField(_("schools"), null=True, blank=True)
    enrollment = models.PositiveIntegerField(_("enrollment"), null=True, blank=True)
    low_income_pct = models.DecimalField(_("low income, %"), max_digits=4, decimal_places=1, null=True, blank=True)
    el_pct = models.DecimalField(_("English learners, %"), max_digits=4, decimal_places=1, null=True, blank=True)
    iep_pct = models.DecimalField(_("with an IEP, %"), max_digits=4, decimal_places=1, null=True, blank=True)
    names_edited = models.BooleanField(_("names edited by an officer"), default=False, editable=False)
    """Short name and aliases are then an officer's own: the next import leaves them alone."""
    find_text = models.TextField(editable=False)

    objects = DistrictQuerySet.as_manager()

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["is_district", "name", "id"], name="district_directory_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{share}__isnull": True}) | Q(**{f"{share}__range": (0, 100)}),
                name=f"district_{share}_is_a_share",
            )
            for share in ("low_income_pct", "el_pct", "iep_pct")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("districts:district-detail", args=[self.slug])

    def prepare(self) -> None:
        """Fill what follows from other fields; `save` calls it, bulk writers call it themselves."""
        self.slug = self.slug or slugify(f"{self.name}-{self.nces_id}")
        self.find_text = " ".join(
            find_words(" ".join([self.name, self.short_name, *self.aliases, self.city, self.nces_id]))
        )

    def save(self, *args: object, **kwargs: object) -> None:
        self.prepare()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def grade_span(self) -> str:
        """ "PK-12"; one grade alone as itself; empty where the directory does not say."""
        if not self.grades:
            return ""
        low, high = (grade.lstrip("0") for grade in (self.lowest_grade, self.highest_grade))
        return low if low == high else f"{low}-{high}"

    @property
    def fact_sentence(self) -> str:
        """ "3,736 students, grades PK-12, Kane County"; what is not known is left out.

        The county is one query unless selected.
        """
        facts = []
        if self.enrollment is not None:
            facts.append(
                ngettext("%(count)s student", "%(count)s students", self.enrollment)
                % {"count": number(self.enrollment)}
            )
        if self.grade_span:
            facts.append(gettext("grades %(span)s") % {"span": self.grade_span})
        if self.county is not None:
            facts.append(str(self.county))
        return ", ".join(facts)

    @property
    def grades(self) -> frozenset[str]:
        """The grades taught, empty where the directory does not say."""
        try:
            low, high = GRADES.index(self.lowest_grade), GRADES.index(self.highest_grade)
        except ValueError:
            return frozenset()
        return frozenset(GRADES[low : high + 1])


Place = District | RegionalOffice | None
"""Where a role is held; None is the chapter itself."""


def place_fields(place: Place) -> dict[str, Any]:
    """The place as the two columns of a row that holds one."""
    return {
        "district": place if isinstance(place, District) else None,
        "regional_office": place if isinstance(place, RegionalOffice) else None,
    }


def domain_of(address: str) -> str:
    """The mail domain of an address, in lower case."""
    return address.rpartition("@")[2].lower()


def validate_domain(domain: str) -> None:
    if not re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", domain):
        raise ValidationError(_("Enter a mail domain such as kaneland.org, in lower case."))


class MailDomain(models.Model):
    """An address in one of these domains may ask to join the district; an officer keeps the list."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="mail_domains")
    domain = models.CharField(
        _("mail domain"), max_length=120, unique=True, help_text=_("kaneland.org"), validators=[validate_domain]
    )

    class Meta:
        verbose_name = _("mail domain")
        verbose_name_plural = _("mail domains")
        ordering = ["domain"]

    def __str__(self) -> str:
        return self.domain
