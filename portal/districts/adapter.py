"""How allauth behaves here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.districts.models.chapter import Chapter


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed. A chapter officer can open it again."),
        "email_password_mismatch": _("This address and password do not fit. Try again, or sign in by a code."),
        "incorrect_code": _("That is not the code. Check the newest email and try again."),
        "incorrect_password": _("That is not your password. Try again."),
        "enter_current_password": _("That is not your present password. Try again."),
        "duplicate_email": _("You have this address already."),
        "email_taken": _("This address belongs to another account. Use another one."),
        "max_email_addresses": _("You can have %d addresses. Remove one first."),
        "cannot_remove_primary_email": _("This is the address you sign in with. Choose another one for that first."),
        "unverified_primary_email": _("Confirm this address first, then sign in with it."),
        "same_as_current": _("This is the address you have now. Enter another one."),
        "invalid_or_expired_key": _("This link is no longer good. Ask for a new one."),
        "invalid_password_reset": _("This code is no longer good. Ask for a new one."),
        "rate_limited": _("Too many tries. Wait a few minutes, then go on."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, or sign in by a code."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never by allauth's own form: people are invited, or ask their district."""
        return False

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Composed with the chapter's name, and told to the outbox as what it is: a code is of no use for long."""
        context = context | {"chapter": Chapter.current(), "portal_url": settings.PORTAL_URL}
        mail: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        mail.connection = get_connection(kind="code" if "code" in context else "account")
        return mail
