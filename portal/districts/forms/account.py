"""allauth's forms in the portal's words: what is missing is named, and an address is taken as it is written."""

from __future__ import annotations

from typing import Any

from allauth.account import fields, forms
from django.utils.translation import gettext_lazy as _

from portal.text import ascii_address

_ADDRESS = {
    "required": _("Enter your email address."),
    "invalid": _("Enter an email address such as name@district.org."),
}
_SAYS = {
    "login": _ADDRESS,
    "email": _ADDRESS,
    "password": {"required": _("Enter your password.")},
    "oldpassword": {"required": _("Enter your present password.")},
    "password1": {"required": _("Enter a new password.")},
    "password2": {"required": _("Enter the new password once more.")},
    "code": {"required": _("Enter the code from the email.")},
}


class _Address(fields.EmailField):  # type: ignore[misc]
    def clean(self, value: Any) -> Any:
        return ascii_address(super().clean(value))


class _Ours:
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, fields.EmailField):
                self.fields[name] = _Address(label=field.label, widget=field.widget, help_text=field.help_text)
            self.fields[name].error_messages |= _SAYS.get(name, {})


class LoginForm(_Ours, forms.LoginForm):  # type: ignore[misc]
    pass


class AddEmailForm(_Ours, forms.AddEmailForm):  # type: ignore[misc]
    pass


class ChangeEmailForm(_Ours, forms.ChangeEmailForm):  # type: ignore[misc]
    pass


class ChangePasswordForm(_Ours, forms.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPasswordForm(_Ours, forms.SetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(_Ours, forms.ResetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKeyForm(_Ours, forms.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(_Ours, forms.ReauthenticateForm):  # type: ignore[misc]
    pass


class RequestLoginCodeForm(_Ours, forms.RequestLoginCodeForm):  # type: ignore[misc]
    pass


class ConfirmLoginCodeForm(_Ours, forms.ConfirmLoginCodeForm):  # type: ignore[misc]
    pass


class ConfirmEmailVerificationCodeForm(_Ours, forms.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    pass


class ConfirmPasswordResetCodeForm(_Ours, forms.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    pass
