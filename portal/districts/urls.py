from django.urls import URLPattern, URLResolver, path

from portal.districts.views import directory

app_name = "districts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("districts/", directory.district_list, name="district-list"),
    path("districts/<slug:slug>/", directory.district_detail, name="district-detail"),
    path("districts/<slug:slug>/edit/", directory.district_edit, name="district-edit"),
    path("counties/<slug:slug>/", directory.county_detail, name="county-detail"),
]
