from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo: content, one-press sign-in and an outbox. Only `portal.settings.demo` installs it."""

    name = "demo"
