"""What is known under a tag, and about a product."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from knowledge.models import Practice, Product, Question, Tag
from knowledge.screens import practice_rows
from knowledge.screens.product import users_of
from portal.districts.models.standing import standing_of


@login_not_required
@require_GET
def tag_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """404 also where the person sees nothing under the tag: a tag of hidden things alone is hidden."""
    tag = get_object_or_404(Tag, slug=slug)
    page = practice_rows.page(
        Practice.objects.visible_to(request.user).tagged(slug), user=request.user, token=request.GET.get("page", "")
    )
    asked = (
        Question.objects.visible_to(request.user)
        .kept()
        .filter(tagged_items__tag=tag)
        .select_related("district", "practice")
    )
    questions = list(asked.order_by("-asked_at", "-pk")[:10])
    if not page.rows and not questions and not standing_of(request.user).is_member:
        raise Http404
    crumbs = [(_("Practices"), reverse("knowledge:practice-list"))]
    context = {"tag": tag, "page": page, "questions": questions, "crumbs": crumbs}
    return render(request, "knowledge/tag_detail.html", context)


@login_not_required
@require_GET
def product_detail(request: HttpRequest, slug: str) -> HttpResponse:
    product = get_object_or_404(Product, slug=slug)
    practices = Practice.objects.visible_to(request.user).filter(products=product)
    page = practice_rows.page(practices, user=request.user, token=request.GET.get("page", ""))
    standing = standing_of(request.user)
    if not page.rows and not standing.is_member:
        raise Http404
    crumbs = [(_("Practices"), reverse("knowledge:practice-list"))]
    users = users_of(product, request.user) if standing.is_member else []
    context = {"product": product, "page": page, "users": users, "crumbs": crumbs}
    return render(request, "knowledge/product_detail.html", context)
