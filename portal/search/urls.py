from django.urls import URLPattern, URLResolver, path

from portal.search import views

app_name = "search"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.search_page, name="search"),
    path("suggest/", views.suggestions, name="suggest"),
    path("related/<slug:kind>/<int:pk>/", views.related_things, name="related"),
]
