from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save


class PagesConfig(AppConfig):
    name = "portal.pages"
    label = "pages"

    def ready(self) -> None:
        from wagtail.models import Page

        from portal.pages import sources, tree
        from portal.pages.permissions import grant_after_migrate

        sources.register()
        post_save.connect(tree.after_bare_save, sender=Page)
        post_delete.connect(tree.after_delete, sender=tree.PortalPage)
        post_migrate.connect(grant_after_migrate, sender=self)
