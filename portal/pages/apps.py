from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_save


class PagesConfig(AppConfig):
    name = "portal.pages"
    label = "pages"

    def ready(self) -> None:
        from taggit.models import Tag, TaggedItem
        from wagtail.models import Page

        from portal.due_jobs import Job, due_jobs
        from portal.pages.deeds.forget_uploads import forget_uploads
        from portal.pages.deeds.make_renditions import make_after_commit, make_if_waiting
        from portal.pages.deeds.publish_scheduled import publish_due
        from portal.pages.deeds.read_documents import read_after_commit, read_if_waiting
        from portal.pages.deeds.rewrite_pictures import rewrite_pictures
        from portal.pages.hooks.search import index_tagged, index_toolkit, index_with_tag, index_without_tag, register
        from portal.pages.models import media, toolkits, tree
        from portal.pages.screens.menu import forget_menu
        from portal.pages.signals import pages_changed

        register()
        due_jobs.add(
            Job("publish-scheduled", publish_due),
            Job("forget-uploads", forget_uploads),
            Job("rewrite-pictures", rewrite_pictures),
            Job("make-renditions", make_if_waiting),
            Job("read-documents", read_if_waiting),
        )
        post_save.connect(make_after_commit, sender=media.Image)
        post_save.connect(read_after_commit, sender=media.Document)
        post_save.connect(tree.after_bare_save, sender=Page)
        post_delete.connect(tree.after_delete, sender=tree.PortalPage)
        pages_changed.connect(forget_menu)
        m2m_changed.connect(index_tagged, sender=TaggedItem)
        post_save.connect(index_with_tag, sender=Tag)
        post_delete.connect(index_without_tag, sender=TaggedItem)
        post_delete.connect(index_toolkit, sender=toolkits.ToolkitTag)
