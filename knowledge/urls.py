from django.urls import path

from knowledge.views import adoptions, moderating, practices, questions, rewriting, topics

app_name = "knowledge"
urlpatterns = [
    path("practices/", practices.practice_list, name="practice-list"),
    path("practices/new/", practices.practice_new, name="practice-new"),
    path("practices/<int:pk>/", practices.practice_detail, name="practice-detail"),
    path("practices/<int:pk>/edit/", practices.practice_edit, name="practice-edit"),
    path("practices/<int:pk>/withdraw/", practices.practice_withdraw, name="practice-withdraw"),
    path("practices/<int:pk>/restore/<str:token>/", practices.practice_restore, name="practice-restore"),
    path("practices/<int:pk>/hide/", moderating.practice_hide, name="practice-hide"),
    path("practices/<int:pk>/we-do-this-too/", adoptions.adoption_new, name="adoption-new"),
    path("practices/<int:pk>/our-use/", adoptions.adoption_edit, name="adoption-edit"),
    path("practices/<int:pk>/our-use/remove/", adoptions.adoption_remove, name="adoption-remove"),
    path("practices/<int:pk>/our-use/undo/<str:token>/", adoptions.adoption_undo, name="adoption-undo"),
    path("notes/<int:pk>/hide/", moderating.note_hide, name="note-hide"),
    path("practices/<int:pk>/ask/", questions.question_new, name="practice-ask"),
    path("questions/", questions.question_list, name="question-list"),
    path("questions/new/", questions.question_new, name="question-new"),
    path("questions/<int:pk>/", questions.question_detail, name="question-detail"),
    path("questions/<int:pk>/edit/", rewriting.edit, {"of": "question"}, name="question-edit"),
    path("questions/<int:pk>/take-back/", rewriting.take_back, {"of": "question"}, name="question-take-back"),
    path("questions/<int:pk>/restore/", rewriting.restore, {"of": "question"}, name="question-restore"),
    path("questions/<int:pk>/hide/", moderating.words_hide, {"of": "question"}, name="question-hide"),
    path("questions/<int:pk>/answer/", questions.answer_new, name="answer-new"),
    path("answers/<int:pk>/edit/", rewriting.edit, {"of": "answer"}, name="answer-edit"),
    path("answers/<int:pk>/take-back/", rewriting.take_back, {"of": "answer"}, name="answer-take-back"),
    path("answers/<int:pk>/restore/", rewriting.restore, {"of": "answer"}, name="answer-restore"),
    path("answers/<int:pk>/hide/", moderating.words_hide, {"of": "answer"}, name="answer-hide"),
    path("answers/<int:pk>/accept/", questions.answer_accept, name="answer-accept"),
    path("tags/<str:slug>/", topics.tag_detail, name="tag-detail"),
    path("products/<slug:slug>/", topics.product_detail, name="product-detail"),
]
