from django.urls import path

from knowledge.views import adoptions, practices, questions, topics

app_name = "knowledge"
urlpatterns = [
    path("practices/", practices.practice_list, name="practice-list"),
    path("practices/new/", practices.practice_new, name="practice-new"),
    path("practices/<int:pk>/", practices.practice_detail, name="practice-detail"),
    path("practices/<int:pk>/edit/", practices.practice_edit, name="practice-edit"),
    path("practices/<int:pk>/withdraw/", practices.practice_withdraw, name="practice-withdraw"),
    path("practices/<int:pk>/restore/<str:token>/", practices.practice_restore, name="practice-restore"),
    path("practices/<int:pk>/we-do-this-too/", adoptions.adoption_new, name="adoption-new"),
    path("practices/<int:pk>/our-use/", adoptions.adoption_edit, name="adoption-edit"),
    path("practices/<int:pk>/our-use/remove/", adoptions.adoption_remove, name="adoption-remove"),
    path("practices/<int:pk>/our-use/undo/<str:token>/", adoptions.adoption_undo, name="adoption-undo"),
    path("practices/<int:pk>/ask/", questions.question_new, name="practice-ask"),
    path("questions/", questions.question_list, name="question-list"),
    path("questions/new/", questions.question_new, name="question-new"),
    path("questions/<int:pk>/", questions.question_detail, name="question-detail"),
    path("questions/<int:pk>/answer/", questions.answer_new, name="answer-new"),
    path("answers/<int:pk>/accept/", questions.answer_accept, name="answer-accept"),
    path("tags/<slug:slug>/", topics.tag_detail, name="tag-detail"),
    path("products/<slug:slug>/", topics.product_detail, name="product-detail"),
]
