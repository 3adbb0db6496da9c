"""Wagtail's user screens, for an account that has one name and signs in by its address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.account import AccountView, AvatarSettingsPanel, NameEmailSettingsPanel
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import UserViewSet

from portal.districts.models.people import User

FIELDS = ["email", "name", "is_superuser", "groups"]


class _OneNameMixin:
    """The address is kept in lower case, and only the one on the screen signs in.

    Nobody is made an administrator here: they stand where an officer stands, and nobody makes an officer alone.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_superuser := self.fields.get("is_superuser"):  # type: ignore[attr-defined]
            is_superuser.disabled = True
            is_superuser.help_text = _("Administrators are made by the operator, at the command line.")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()  # type: ignore[attr-defined]
        return email

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit)  # type: ignore[misc]
        if commit:
            user.own_address(confirmed=False)
        return user


class PortalUserCreationForm(_OneNameMixin, UserCreationForm):  # type: ignore[misc]
    first_name = None
    last_name = None

    class Meta(UserCreationForm.Meta):  # type: ignore[misc]
        fields = FIELDS
        widgets = {"groups": forms.CheckboxSelectMultiple}


class PortalUserEditForm(_OneNameMixin, UserEditForm):  # type: ignore[misc]
    first_name = None
    last_name = None

    class Meta(UserEditForm.Meta):  # type: ignore[misc]
        fields = [*FIELDS, "is_active"]
        widgets = {"groups": forms.CheckboxSelectMultiple}


class PortalUserViewSet(UserViewSet):  # type: ignore[misc]
    create_template_name = "districts/admin/user_create.html"
    edit_template_name = "districts/admin/user_edit.html"

    def get_form_class(self, for_update: bool = False) -> Any:
        return PortalUserEditForm if for_update else PortalUserCreationForm


class OwnAccountView(AccountView):  # type: ignore[misc]
    """An officer's own preferences, without what an account here does not have: two names, and a picture."""

    def get_panels(self) -> list[Any]:
        left_out = (NameEmailSettingsPanel, AvatarSettingsPanel)
        return [panel for panel in super().get_panels() if not isinstance(panel, left_out)]
