"""Pages of houses of quality: the list, one of them, judging it, its parts, its clauses."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baton.agreements import policy
from baton.agreements.changes import house_others as others
from baton.agreements.changes import houses as changes
from baton.agreements.forms.houses import (
    CharacteristicForm,
    HouseFilterForm,
    HouseForm,
    HouseNeedForm,
    JudgeForm,
    OthersForm,
    asked_houses,
)
from baton.agreements.models import House, HouseCharacteristic, HouseNeed
from baton.agreements.pages import houses as pages
from baton.agreements.queries import houses as queries
from baton.chain import queries as chain
from baton.chain.views.answering import answered, form_page, standing
from baton.core.answering import carried_out, version_sent
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.lists.bar import is_filtered, opens_default_view
from baton.core.middleware import BatonRequest
from baton.core.policy import demand


def address(house: House) -> str:
    """The page of a house."""
    return reverse("agreements:house", args=[house.public_id])


def to_edit(request: BatonRequest, public_id: str) -> House:
    """The house of an address, for whoever may write for its link."""
    found = queries.house(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_write(standing(request), found.link))
    return found


@require_GET
@guarded()
@opens_default_view("agreements.houses")
def houses(request: BatonRequest) -> HttpResponse:
    """The list."""
    viewer, at = request.actor, request.now
    page = queries.houses(
        viewer=viewer, at=at, filters=asked_houses(request.GET), page=request.GET.get("page", 1)
    )  # fmt: skip
    context = {
        "page_obj": page,
        "filter": HouseFilterForm(request.GET, parties=chain.parties_to_choose(viewer=viewer, at=at)),
        "filtered": is_filtered(request, "agreements.houses"),
    }
    return render(request, "agreements/houses.html", context)


@require_GET
@guarded()
def house(request: BatonRequest, public_id: str) -> HttpResponse:
    """One house: drawn and as tables, its conflicts, how sure its order is, and what is missing."""
    page = queries.house_page(viewer=request.actor, at=request.now, public_id=public_id)
    return render(request, "agreements/house.html", pages.house_context(page))


@require_GET
@guarded()
def export_house(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """The house as a table that can be read back, as CSV or workbook."""
    page = queries.house_page(viewer=request.actor, at=request.now, public_id=public_id)
    return download(request, page.house.number, pages.header(page), pages.table(page))


@guarded()
def begin_house(request: BatonRequest, link: str) -> HttpResponse:
    """Begin a house of the link."""
    found = chain.link(viewer=request.actor, at=request.now, public_id=link)
    demand(policy.may_write(standing(request), found))
    form = HouseForm(request.POST or None, initial={"importance_scale": 5})
    made = carried_out(
        request, form, lambda: changes.begin_house(by=request.actor, at=request.now, link=found, **form.given())
    )
    if made is not None:
        return redirect(address(made))
    return form_page(
        request, form, title=_("Begin a house of quality"), subject=found, back=reverse("chain:link", args=[link])
    )


@guarded()
def describe_house(request: BatonRequest, public_id: str) -> HttpResponse:
    """Name the house, and say how far its scale of importance goes."""
    found = to_edit(request, public_id)
    form = HouseForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.describe_house(
        by=request.actor, at=request.now, house=found, expected_seq=form.version, **form.given()),
        to=address(found), title=_("Describe the house"), subject=found)  # fmt: skip


@require_POST
@guarded()
def close_house(request: BatonRequest, public_id: str) -> HttpResponse:
    """Put the house aside."""
    found = to_edit(request, public_id)
    changes.close_house(by=request.actor, at=request.now, house=found, expected_seq=version_sent(request))
    messages.success(request, _("The house is closed. It can still be read."))
    return redirect(address(found))


@guarded()
def judge_house(request: BatonRequest, public_id: str) -> HttpResponse:
    """All judgements of the house as a grid of choices."""
    found = to_edit(request, public_id)

    def read() -> queries.HousePage:
        return queries.house_page(viewer=request.actor, at=request.now, public_id=public_id)

    form = JudgeForm(request.POST or None, page=read(), fresh=read)
    return answered(request, form, lambda: changes.judge_house(
        by=request.actor, at=request.now, house=found, **form.given()),
        to=address(found), title=_("Judge the house"), subject=found,
        template="agreements/house_judge.html")  # fmt: skip


@guarded()
def add_need(request: BatonRequest, public_id: str) -> HttpResponse:
    """Add a need: in the customer's words, or one of the chain."""
    found = to_edit(request, public_id)
    known = {one.outside_need_id for one in found.needs.filter(dropped=False)}
    offered = [one for one in chain.needs_to_choose(viewer=request.actor, at=request.now) if one.pk not in known]
    form = HouseNeedForm(request.POST or None, house=found, outside_needs=offered, initial={"importance": 3})
    return answered(request, form, lambda: changes.add_house_need(
        by=request.actor, at=request.now, house=found, outside_need=form.need_chosen, **form.given()),
        to=address(found), title=_("Add a need"), subject=found)  # fmt: skip


@guarded()
def change_need(request: BatonRequest, public_id: str) -> HttpResponse:
    """Correct a need of a house."""
    found = queries.house_need(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_write(standing(request), found.house.link))
    form = HouseNeedForm(request.POST or None, record=found, house=found.house)
    return answered(request, form, lambda: changes.change_house_need(
        by=request.actor, at=request.now, need=found, expected_seq=form.version, **form.given()),
        to=address(found.house), title=_("Correct the need"), subject=found)  # fmt: skip


@guarded()
def rate_others(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say how others meet a need of a house."""
    found = queries.house_need(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_write(standing(request), found.house.link))
    form = OthersForm(request.POST or None, record=found)
    return answered(request, form, lambda: others.rate_others(
        by=request.actor, at=request.now, need=found, **form.given()),
        to=address(found.house), title=_("Compare with others"), subject=found)  # fmt: skip


@guarded()
def add_characteristic(request: BatonRequest, public_id: str) -> HttpResponse:
    """Add a characteristic."""
    found = to_edit(request, public_id)
    form = CharacteristicForm(request.POST or None)
    return answered(request, form, lambda: changes.add_characteristic(
        by=request.actor, at=request.now, house=found, **form.given()),
        to=address(found), title=_("Add a characteristic"), subject=found)  # fmt: skip


@guarded()
def change_characteristic(request: BatonRequest, public_id: str) -> HttpResponse:
    """Correct a characteristic, and name the clause that promises it."""
    found = queries.house_characteristic(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_write(standing(request), found.house.link))
    clauses = queries.clauses_of_link(viewer=request.actor, link=found.house.link_id)
    form = CharacteristicForm(request.POST or None, record=found, clauses=clauses)
    return answered(request, form, lambda: changes.change_characteristic(
        by=request.actor, at=request.now, characteristic=found, expected_seq=form.version, **form.given()),
        to=address(found.house), title=_("Correct the characteristic"), subject=found)  # fmt: skip


@require_POST
@guarded()
def leave_out_need(request: BatonRequest, public_id: str) -> HttpResponse:
    """Take a need out of its house, or (``restore``) take it up again."""
    return _left_out(request, queries.house_need(viewer=request.actor, at=request.now, public_id=public_id))


@require_POST
@guarded()
def leave_out_characteristic(request: BatonRequest, public_id: str) -> HttpResponse:
    """Take a characteristic out of its house, or (``restore``) take it up again."""
    return _left_out(request, queries.house_characteristic(viewer=request.actor, at=request.now, public_id=public_id))


def _left_out(request: BatonRequest, part: HouseNeed | HouseCharacteristic) -> HttpResponse:
    dropped = "restore" not in request.POST
    changes.leave_out(
        by=request.actor, at=request.now, part=part, dropped=dropped, expected_seq=version_sent(request)
    )  # fmt: skip
    said = _("“{name}” is left out.") if dropped else _("“{name}” is taken up again.")
    messages.success(request, said.format(name=part))
    return redirect(address(part.house))


@require_POST
@guarded()
def promise(request: BatonRequest, public_id: str) -> HttpResponse:
    """Turn a characteristic into a clause of the version that is on its way."""
    found = queries.house_characteristic(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_write(standing(request), found.house.link))
    clause = changes.promise_characteristic(by=request.actor, at=request.now, characteristic=found)
    messages.success(request, _("The clause is written. Say how it is measured, its target and its source."))
    return redirect("agreements:change_clause", clause.public_id)
