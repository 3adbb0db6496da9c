from django.urls import URLPattern, URLResolver, path

from portal.search import views, views_related

app_name = "search"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.search_page, name="search"),
    path("suggest/", views.suggestions, name="suggest"),
    path("related/<slug:kind>/<int:pk>/", views_related.related_things, name="related"),
]
