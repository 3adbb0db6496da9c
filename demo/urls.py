"""The portal's URLs, and those of the demo beside them."""

from django.urls import include, path

from demo import views
from portal.urls import handler400, handler403, handler404, handler429, handler500

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]

_demo = [
    path("", views.five_people, name="people"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<int:pk>/", views.mail, name="mail"),
    path("outbox/<int:pk>/<int:number>/", views.attachment, name="attachment"),
]
urlpatterns = [path("demo/", include((_demo, "demo"))), path("", include("portal.urls"))]
