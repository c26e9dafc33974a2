"""The page on which an organisation renames words of the interface."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from baton.core import changes, policy, queries
from baton.core.errors import Refused, explain
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.word_forms import WordsForm


@guarded(policy.may_rename_words)
def words(request: BatonRequest) -> HttpResponse:
    """Every word with what it is called here."""
    form = WordsForm(request.POST if request.method == "POST" else None, renamed=queries.renamed_words())
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                changes.rename_words(by=request.actor, at=request.now, forms=form.said())
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, explain(refused))
            else:
                messages.success(request, gettext("Saved. Every page uses these words now."))
                return redirect("core:words")
    return render(request, "core/words.html", {"form": form}, status=status)
