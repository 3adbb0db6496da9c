from django.urls import path

from portal.notices.views.mail_link import switch_off
from portal.notices.views.settings import settings, switch

app_name = "notices"
urlpatterns = [
    path("", settings, name="settings"),
    path("switch/", switch, name="switch"),
    path("off/<str:token>/", switch_off, name="switch-off"),
]
