"""Counties, regional offices and districts: the directory."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from portal.districts.models.chapter import Chapter
from portal.districts.signals import offices_changed
from portal.formats import number
from portal.spelling import nearest
from portal.text import ascii_address

GRADES = ["PK", "KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"]
"""Grades in order, as the state directory writes them."""


def county_key(name: str) -> str:
    """By which a county is known, however it is written: "KANE", "Kane County" and "Kane" are one, St. and Saint."""
    words = slugify(name).removesuffix("-county").removesuffix("-parish")
    return re.sub(r"^(saint|ste?)-", "st-", words).replace("-", "")


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
    name = models.CharField(_("name"), max_length=120, blank=True, help_text=_("Empty: its code and its counties."))
    counties = models.ManyToManyField(County, related_name="offices", verbose_name=_("counties"), blank=True)
    contact = models.CharField(
        _("public contact"), max_length=120, blank=True, help_text=_("A phone number or an address for visitors.")
    )
    county_ids = models.JSONField(default=list, editable=False)
    """The ids of `counties`, kept with the row so that a host's rights cost no query of their own."""
    label = models.CharField(max_length=200, editable=False)
    """How the office is named on screen, kept with the row."""

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
        self.label = self._label([county.name for county in counties])
        self.save(update_fields=["county_ids", "label"])
        offices_changed.send(sender=RegionalOffice, ids=[self.pk])

    def save(self, *args: object, **kwargs: object) -> None:
        self.label = self.label or self._label([])
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def _label(self, counties: list[str]) -> str:
        """Its own name, else the state's word for such an office with its code: "ROE 31: Kane"."""
        if self.name:
            return self.name
        called = f"{Chapter.current().office_word} {self.code.lstrip('0') if counties else self.code}".strip()
        return f"{called}: {', '.join(sorted(counties))}"[:200] if counties else called


class DistrictQuerySet(models.QuerySet["District"]):
    def in_directory(self) -> DistrictQuerySet:
        """School districts proper: cooperatives and service agencies are kept but not counted."""
        return self.filter(is_district=True)

    def named_like(self, text: str) -> DistrictQuerySet:
        """Name, number, short name, alias, city or ZIP code, every word of `text` somewhere in them."""
        found = self
        for word in find_words(text)[:8]:
            found = found.filter(**word_filter(word))
        return found

    def spelled_like(self, text: str) -> tuple[list[int], str]:
        """The ids of those that have a word near to each of `text`, and these words; none where a word is near nothing.

        One query, which reads all of them: for what `named_like` does not find.
        """
        rows = self.values_list("pk", "find_text")
        known = {word for _pk, said in rows for word in said.split()}
        meant = [nearest(word, known) for word in find_words(text)[:8]]
        if not meant or not all(meant):
            return [], ""
        near = [pk for pk, said in rows if all(word in said.split() for word in meant)][:MOST_MEANT]
        return near, " ".join(meant) if near else ""


MOST_MEANT = 200
"""Districts that are shown for a mistyped name."""


def word_filter(word: str) -> dict[str, str]:
    """A number is meant whole: 302 is neither a part of the ZIP code 60302 nor of an id."""
    return {"find_text__regex": rf"(^|[^0-9]){word}([^0-9]|$)"} if word.isdecimal() else {"find_text__contains": word}


_ZIP = re.compile(r"\b(\d{5})-\d{4}\b")
_SHORT_FIRST = re.compile(r"\b(\w{1,2}) (\w{3,})")


def find_words(text: str) -> list[str]:
    """`text` as distinct lower-case words without punctuation and accents: "U-46" and "u46" are the same word."""
    plain = unicodedata.normalize("NFKD", _ZIP.sub(r"\1", text).lower())
    joined = re.sub(r"[-.'\u2018\u2019\u02bc]", "", plain)
    letters = (c if c.isalnum() else " " for c in joined if not unicodedata.combining(c))
    return list(dict.fromkeys("".join(letters).split()))


def find_text_of(*parts: str) -> str:
    """The words by which something is found, also joined where one of them is short: O Fallon is called OFallon."""
    text = " ".join(parts)
    joined = ["".join(pair) for pair in _SHORT_FIRST.findall(text)]
    return " ".join(find_words(" ".join([text, *joined])))


class District(models.Model):  # type: ignore[django-manager-missing]
    """A local education agency of the state directory. Shares are percent of enrollment; None is not reported."""

    nces_id = models.CharField(_("NCES id"), max_length=7, unique=True)
    state_code = models.CharField(_("state code"), max_length=15, blank=True)
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
        self.find_text = find_text_of(self.name, self.short_name, *self.aliases, self.city, self.zip_code, self.nces_id)

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


class AtPlace:
    """A row that says in two columns where a role is held: `place_fields`."""

    district: Any
    regional_office: Any

    @property
    def where(self) -> Place:
        return self.district or self.regional_office  # type: ignore[no-any-return]

    @property
    def place(self) -> str:
        return str(self.where or _("the chapter"))


def domain_of(address: str) -> str:
    """The mail domain of an address, in lower case, and in ASCII as mail servers know it."""
    return ascii_address(address).rpartition("@")[2].lower()


def validate_domain(domain: str) -> None:
    if not re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)", domain):
        raise ValidationError(_("Enter a mail domain such as kaneland.org, in lower case."))


class MailDomain(models.Model):
    """An address in one of these domains belongs to the district; an officer confirmed it.

    Two districts may have the same one: it then says that somebody is of either.
    """

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="mail_domains")
    domain = models.CharField(
        _("mail domain"), max_length=120, help_text=_("kaneland.org"), validators=[validate_domain], db_index=True
    )
    confirmed_by = models.ForeignKey(
        "districts.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)

    class Meta:
        verbose_name = _("mail domain")
        verbose_name_plural = _("mail domains")
        ordering = ["domain", "pk"]
        constraints = [models.UniqueConstraint(fields=["district", "domain"], name="mail_domain_once_in_district")]

    def __str__(self) -> str:
        return self.domain


class RefusedDomain(models.Model):
    """A domain that an officer said is not the district's: its website proposes it no more."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="refused_domains")
    domain = models.CharField(_("mail domain"), max_length=120, validators=[validate_domain])
    refused_by = models.ForeignKey("districts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    refused_at = models.DateTimeField(_("refused"))

    class Meta:
        verbose_name = _("refused mail domain")
        verbose_name_plural = _("refused mail domains")
        ordering = ["domain", "pk"]
        constraints = [models.UniqueConstraint(fields=["district", "domain"], name="refused_domain_once_in_district")]

    def __str__(self) -> str:
        return self.domain
