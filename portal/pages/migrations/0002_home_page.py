"""Turn Wagtail's welcome page into the portal's home page, and back."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

WELCOME = "Welcome to your new Wagtail site!"


def make_home(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    page = _welcome_page(apps)
    if page is None:
        return
    chapter = apps.get_model("districts", "Chapter").objects.filter(pk=1).first()
    title = chapter.name if chapter else "Roundtable"
    _child(apps.get_model("pages", "PortalPage"), page, page_ptr_id=page.pk, audience="public", shown_to="public")
    _child(apps.get_model("pages", "HomePage"), page, portalpage_ptr_id=page.pk, how_it_works="[]")
    _become(page, title, _type(apps, "pages", "homepage"))


def restore_welcome(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for home in apps.get_model("pages", "HomePage").objects.filter(depth=2):
        page = apps.get_model("wagtailcore", "Page").objects.get(pk=home.pk)
        home.delete(keep_parents=True)
        apps.get_model("pages", "PortalPage").objects.get(pk=page.pk).delete(keep_parents=True)
        _become(page, WELCOME, _type(apps, "wagtailcore", "page"))


def _welcome_page(apps: Apps) -> Any:
    plain = _type(apps, "wagtailcore", "page")
    return apps.get_model("wagtailcore", "Page").objects.filter(depth=2, slug="home", content_type=plain).first()


def _child(model: Any, page: Any, **fields: Any) -> None:
    """One row of a child table, the parent's left as it is."""
    row = model(**fields)
    row.__dict__.update({name: value for name, value in page.__dict__.items() if name != "_state"})
    row.save_base(raw=True, force_insert=True)


def _become(page: Any, title: str, content_type: Any) -> None:
    page.title = page.draft_title = title
    page.content_type = content_type
    page.latest_revision = page.live_revision = None
    page.save()


def _type(apps: Apps, app_label: str, model: str) -> Any:
    return apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app_label, model=model)[0]


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0001_initial"),
        ("districts", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_home, restore_welcome)]
