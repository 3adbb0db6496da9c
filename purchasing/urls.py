from django.urls import URLPattern, URLResolver, path

from purchasing.forms.moves import MOVE_FORMS
from purchasing.views import answering, committing, drafting, hosting, reading

app_name = "purchasing"
urlpatterns: list[URLPattern | URLResolver] = [
    path("agreements/", reading.agreement_list, name="agreement-list"),
    path("agreements/new/", drafting.agreement_new, name="agreement-new"),
    path("agreements/<int:pk>/", reading.agreement_detail, name="agreement-detail"),
    path("agreements/<int:pk>/history/", reading.agreement_history, name="agreement-history"),
    path("agreements/<int:pk>/grid/", reading.agreement_grid, name="agreement-grid"),
    path("agreements/<int:pk>/grid.csv", reading.agreement_grid_file, name="agreement-grid-file"),
    path("agreements/<int:pk>/edit/", drafting.agreement_edit, name="agreement-edit"),
    path("agreements/<int:pk>/announce/", hosting.agreement_announce, name="agreement-announce"),
    path("agreements/<int:pk>/remind/", hosting.agreement_remind, name="agreement-remind"),
    path("agreements/<int:pk>/enter/<int:district_id>/", hosting.agreement_enter, name="agreement-enter"),
    path("agreements/<int:pk>/plan/", answering.agreement_plan, name="agreement-plan"),
    path("agreements/<int:pk>/commit/", committing.agreement_commit, name="agreement-commit"),
    path("agreements/<int:pk>/withdraw/", answering.agreement_withdraw, name="agreement-withdraw"),
    path("agreements/<int:pk>/restore/<str:token>/", answering.agreement_restore, name="agreement-restore"),
    path("agreements/<int:pk>/decline/", answering.agreement_decline, name="agreement-decline"),
    path("agreements/<int:pk>/interest/", answering.agreement_interest, name="agreement-interest"),
    *(
        path(f"agreements/<int:pk>/{verb}/", hosting.agreement_move, {"verb": verb}, name=f"agreement-{verb}")
        for verb in MOVE_FORMS
    ),
]
