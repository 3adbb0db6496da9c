"""Production refuses to start with settings that are not safe."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

CONSOLE = "django.core.mail.backends.console.EmailBackend"
"""Prints the codes that sign people in to the log, and they count as sent."""


def refuse_unsafe_settings() -> None:
    """Raise `ImproperlyConfigured`, with one line for each thing to set, unless the settings are relaxed on purpose."""
    if settings.RELAXED:
        return
    missing = [
        sentence
        for unsafe, sentence in (
            (len(_secret_key()) < 50, "SECRET_KEY: a random text of at least 50 characters."),
            (not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS, "ALLOWED_HOSTS: the portal's host names."),
            (not settings.PORTAL_URL.startswith("https://"), "PORTAL_URL: its address, starting with https://."),
            (
                settings.MAIL_TRANSPORT == CONSOLE,
                "EMAIL_URL: the mail server, smtp+tls://user:password@host:587, or dummymail:// to send no mail.",
            ),
            (
                0 < len(settings.METRICS_TOKEN) < 32,
                "METRICS_TOKEN: a random text of at least 32 characters, or none: then there is no /metrics.",
            ),
            (settings.DEBUG, "DEBUG must be off."),
            (
                not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE),
                "SESSION_COOKIE_SECURE and CSRF_COOKIE_SECURE must be on.",
            ),
        )
        if unsafe
    ]
    if missing:
        raise ImproperlyConfigured("This portal is not safe to start. Set\n  " + "\n  ".join(missing))


def _secret_key() -> str:
    """Django raises where an empty one is read, without a word of what else is missing."""
    try:
        return settings.SECRET_KEY
    except ImproperlyConfigured:
        return ""
