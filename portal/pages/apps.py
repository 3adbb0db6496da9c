from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_save


class PagesConfig(AppConfig):
    name = "portal.pages"
    label = "pages"

    def ready(self) -> None:
        from taggit.models import Tag, TaggedItem
        from wagtail.models import Page

        from portal.pages import sources, toolkits, tree

        sources.register()
        post_save.connect(tree.after_bare_save, sender=Page)
        post_delete.connect(tree.after_delete, sender=tree.PortalPage)
        m2m_changed.connect(sources.index_tagged, sender=TaggedItem)
        post_save.connect(sources.index_with_tag, sender=Tag)
        post_delete.connect(sources.index_without_tag, sender=TaggedItem)
        post_delete.connect(sources.index_toolkit, sender=toolkits.ToolkitTag)
