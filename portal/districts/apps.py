from django.apps import AppConfig


class DistrictsConfig(AppConfig):
    name = "portal.districts"
    label = "districts"
