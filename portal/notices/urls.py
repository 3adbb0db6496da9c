from django.urls import path

from portal.notices.views.settings import settings, switch, switch_off

app_name = "notices"
urlpatterns = [
    path("", settings, name="settings"),
    path("switch/", switch, name="switch"),
    path("off/<str:token>/", switch_off, name="switch-off"),
]
