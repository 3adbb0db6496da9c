"""Who somebody is: the account, and the memberships from which every right follows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.districts.models.places import AtPlace
from portal.districts.models.standing import Standing, standing_of
from portal.districts.signals import people_changed
from portal.statements import Statement, given

if TYPE_CHECKING:
    from portal.districts.models.places import County, District

P = TypeVar("P", bound=models.Model)


class PeopleQuerySet(models.QuerySet[P]):
    """Its bulk verbs tell who was written, as saving one row does."""

    person_field = "pk"
    unseen: ClassVar[frozenset[str]] = frozenset({"last_seen", "seen_before", "last_login", "password"})
    """Columns that nobody reads of another: writing these alone is not told."""

    def _people(self) -> list[int]:
        return list(self.order_by().values_list(self.person_field, flat=True))

    def update(self, **kwargs: Any) -> int:
        if self.unseen.issuperset(kwargs):
            return super().update(**kwargs)
        with transaction.atomic(using=self.db):
            before = self._people()
            changed = super().update(**kwargs)
            people_changed.send(sender=self.model, ids=before)
        return changed

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic(using=self.db):
            before = self._people()
            gone = super().delete()
            people_changed.send(sender=self.model, ids=before)
        return gone

    def bulk_create(self, objs: Iterable[P], *args: Any, **kwargs: Any) -> list[P]:
        with transaction.atomic(using=self.db):
            made = super().bulk_create(objs, *args, **kwargs)
            written = self.model._default_manager.filter(pk__in=[row.pk for row in made if row.pk is not None])
            people_changed.send(sender=self.model, ids=list(written.values_list(self.person_field, flat=True)))
        return made


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> PeopleQuerySet[User]:
        return PeopleQuerySet(self.model, using=self._db)

    def get(self, *args: Any, **kwargs: Any) -> User:
        """Somebody by number alone, as each request asks for its person: by a statement that is built once."""
        if args or kwargs.keys() != {"pk"}:
            return super().get(*args, **kwargs)
        for person in _PERSON.rows(pk=kwargs["pk"]):
            return person
        raise User.DoesNotExist

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An account without a usable password where `password` is None: an e-mailed code signs it in."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractUser):  # type: ignore[django-manager-missing]
    """A person. The e-mail address is the name they sign in by, always in lower case."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("email address"), unique=True)
    last_seen = models.DateField(_("last seen"), null=True, blank=True, editable=False)
    seen_before = models.DateField(null=True, blank=True, editable=False)
    """The last day before `last_seen`: what has happened since is news to the person all day."""

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()  # type: ignore[misc,assignment]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_is_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def clean(self) -> None:
        self.email = self.email.strip().lower()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new account's address is known to the sign-in at once, confirmed by the first code that comes back."""
        new = self._state.adding
        with transaction.atomic():
            super().save(*args, **kwargs)
            if new:
                EmailAddress.objects.create(user=self, email=self.email, primary=True, verified=False)
            elif not PeopleQuerySet.unseen.issuperset(kwargs.get("update_fields") or ["name"]):
                people_changed.send(sender=User, ids=[self.pk])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            pk = self.pk
            deleted = super().delete(*args, **kwargs)
            people_changed.send(sender=User, ids=[pk])
        return deleted

    def own_address(self, *, confirmed: bool) -> None:
        """The address of this account is `email` and no other, for signing in too."""
        EmailAddress.objects.filter(user=self).exclude(email=self.email).delete()
        EmailAddress.objects.update_or_create(
            user=self, email=self.email, defaults={"primary": True, "verified": confirmed}
        )

    @cached_property
    def standing(self) -> Standing:
        """What this person may see and do today. One query, once per instance (so once per request)."""
        return _standing(self, on=timezone.localdate())


def seen(user: User, *, on: date) -> None:
    """Keep the day, and the one before it; at most one UPDATE a day."""
    if user.last_seen != on:
        User.objects.filter(pk=user.pk).exclude(last_seen=on).update(seen_before=F("last_seen"), last_seen=on)
        user.seen_before, user.last_seen = user.last_seen, on


class Role(models.TextChoices):
    MEMBER = "member", _("Member")
    BUYER = "buyer", _("Buyer")
    HOST = "host", _("Host")
    OFFICER = "officer", _("Chapter officer")


PLACE_FITS_ROLE = (
    Q(role__in=[Role.MEMBER, Role.BUYER], district__isnull=False, regional_office__isnull=True)
    | Q(role=Role.HOST, district__isnull=True, regional_office__isnull=False)
    | Q(role=Role.OFFICER, district__isnull=True, regional_office__isnull=True)
)
"""Members and buyers belong to a district, hosts to a regional office, officers to the chapter."""


def open_once(name: str, who: str, open_rows: Q) -> list[models.UniqueConstraint]:
    """At most one open row for the same person, role and place; a NULL place is a place of its own."""
    return [
        models.UniqueConstraint(
            fields=[who, "role", "district"],
            condition=open_rows & Q(district__isnull=False),
            name=f"{name}_open_once_in_district",
        ),
        models.UniqueConstraint(
            fields=[who, "role", "regional_office"],
            condition=open_rows & Q(regional_office__isnull=False),
            name=f"{name}_open_once_in_office",
        ),
        models.UniqueConstraint(
            fields=[who, "role"],
            condition=open_rows & Q(district__isnull=True, regional_office__isnull=True),
            name=f"{name}_open_once_in_chapter",
        ),
    ]


class MembershipQuerySet(PeopleQuerySet["Membership"]):
    person_field = "person_id"

    def current(self, on: date) -> MembershipQuerySet:
        """Those in force on the day: `since` is the first day, `until` the last."""
        return self.filter(Q(until=None) | Q(until__gte=on), since__lte=on)

    def active(self, on: date) -> MembershipQuerySet:
        """Those in force of people whose accounts are open: who is named to others, written to, or counted on."""
        return self.current(on).filter(person__is_active=True)

    def at(self, district: District) -> MembershipQuerySet:
        return self.filter(district=district)

    def officers(self, on: date) -> MembershipQuerySet:
        return self.active(on).filter(role=Role.OFFICER)

    def hosting(self, county: County) -> MembershipQuerySet:
        return self.filter(role=Role.HOST, regional_office__counties=county)

    def within_reach_of(self, user: Any) -> MembershipQuerySet:
        """Those the person may change: for officers all, for hosts the ones in their offices' districts."""
        standing = standing_of(user)
        return self if standing.is_officer else self.filter(district__regional_office_id__in=standing.office_ids)

    def people_first(self) -> MembershipQuerySet:
        """One person's roles beside each other."""
        return self.order_by("person__name", "person_id", "role")


class Membership(AtPlace, models.Model):
    """A person's place in a district (member, buyer), a regional office (host) or the chapter (officer)."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    district = models.ForeignKey(
        "districts.District",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("district"),
    )
    regional_office = models.ForeignKey(
        "districts.RegionalOffice",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("regional office"),
    )
    title = models.CharField(_("job title"), max_length=100, blank=True)
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day; empty while it lasts."))
    buys_though_host = models.CharField(_("why a host may buy here"), max_length=300, blank=True)
    """An officer's reason why this buyer may commit the district in agreements that an office of theirs leads."""

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["role", "person__name"]
        constraints = [
            models.CheckConstraint(condition=PLACE_FITS_ROLE, name="membership_place_fits_role"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="membership_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(buys_though_host="") | Q(role=Role.BUYER), name="membership_reason_is_a_buyers"
            ),
            *open_once("membership", "person", Q(until__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}, {self.place}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            people_changed.send(sender=Membership, ids=[self.person_id])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            people_changed.send(sender=Membership, ids=[self.person_id])
        return deleted


_PERSON: Statement[User, User] = Statement(lambda: PeopleQuerySet(User).filter(pk=given("pk", User._meta.pk)))
_ON = given("on", models.DateField())
_MEMBERSHIPS = Statement(
    lambda: (
        Membership.objects.filter(person=given("person"))
        .current(_ON)
        .select_related("district", "regional_office")
        .order_by("since", "pk")
    )
)


def _standing(user: User, *, on: date) -> Standing:
    """Read from the memberships in force on the day: one query."""
    if not user.is_active:
        return Standing()
    memberships = _MEMBERSHIPS.rows(person=user.pk, on=on)
    districts = {m.district.pk: m.district for m in memberships if m.district is not None}
    offices = {m.regional_office.pk: m.regional_office for m in memberships if m.regional_office is not None}
    counties = {d.county_id for d in districts.values() if d.county_id is not None}
    for office in offices.values():
        counties.update(office.county_ids)
    return Standing(
        person_id=user.pk,
        districts=tuple(districts.values()),
        offices=tuple(offices.values()),
        buyer_district_ids=frozenset(
            m.district_id for m in memberships if m.role == Role.BUYER and m.district_id is not None
        ),
        buys_though_host_ids=frozenset(
            m.district_id for m in memberships if m.buys_though_host and m.district_id is not None
        ),
        county_ids=frozenset(counties),
        office_counties=frozenset(
            (d.regional_office_id, d.county_id)
            for d in districts.values()
            if d.regional_office_id is not None and d.county_id is not None
        ),
        is_officer=user.is_superuser or any(m.role == Role.OFFICER for m in memberships),
        is_member=user.is_superuser or bool(memberships),
        district_ids=frozenset(districts),
        office_ids=frozenset(offices),
    )
