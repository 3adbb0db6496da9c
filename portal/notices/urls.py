from django.urls import path

from portal.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.settings, name="settings"),
    path("switch/", views.switch, name="switch"),
    path("off/<str:token>/", views.switch_off, name="switch-off"),
]
