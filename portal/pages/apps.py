from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_save


class PagesConfig(AppConfig):
    name = "portal.pages"
    label = "pages"

    def ready(self) -> None:
        from taggit.models import Tag, TaggedItem
        from wagtail.models import Page

        from portal.due_jobs import Job, due_jobs
        from portal.pages import media, publishing, reading, sources, toolkits, tree

        sources.register()
        due_jobs.add("publish-scheduled", Job("publish-scheduled", publishing.publish_due))
        due_jobs.add("read-documents", Job("read-documents", reading.read, is_last=True))
        post_save.connect(reading.read_after_commit, sender=media.Document)
        post_save.connect(tree.after_bare_save, sender=Page)
        post_delete.connect(tree.after_delete, sender=tree.PortalPage)
        m2m_changed.connect(sources.index_tagged, sender=TaggedItem)
        post_save.connect(sources.index_with_tag, sender=Tag)
        post_delete.connect(sources.index_without_tag, sender=TaggedItem)
        post_delete.connect(sources.index_toolkit, sender=toolkits.ToolkitTag)
