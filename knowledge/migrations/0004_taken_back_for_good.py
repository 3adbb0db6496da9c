"""The release before cannot say that words were taken back, and would show them: on the way to it they go for good.

Of a question that has answers the row stays, for their sake.
"""

from django.db import migrations

GONE = (
    "removed_at IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM knowledge_answer WHERE knowledge_answer.question_id = knowledge_question.id)"
)
FORGET = [
    "DELETE FROM knowledge_answer WHERE removed_at IS NOT NULL",
    "DELETE FROM knowledge_taggedquestion WHERE content_object_id IN"
    f" (SELECT id FROM knowledge_question WHERE {GONE})",
    f"DELETE FROM knowledge_question WHERE {GONE}",
    "UPDATE knowledge_question SET title = 'This question was taken back', body = '', body_html = ''"
    " WHERE removed_at IS NOT NULL",
]


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0003_words_are_taken_back")]

    operations = [migrations.RunSQL(migrations.RunSQL.noop, FORGET)]
