"""The pages of an import, from a paste to its withdrawal, and the files around it."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from baton.chain.imports import TARGETS
from baton.chain.models import Party
from baton.core.import_targets import import_targets
from baton.core.models import ImportRun, SavedMapping
from baton.core.worker import Worker
from tests.world import World

TABLE = (
    "Code\tName (English)\tName (Chinese)\tKind\tStands under\n"
    "X1\tTheatre\t手术室\tDepartment\t\n"
    "X2\tRecovery\t复苏室\tRoom\tX1\n"
)


def _through(world: World, pasted: str, **columns: str) -> tuple[object, ImportRun]:
    client = world.client(world.lin_mei)
    sent = client.post("/data/imports/bring/organisation/", {"pasted": pasted})
    assert sent.status_code == 302, sent.content.decode()
    page = client.get(sent.url)
    form = page.context["form"]
    values = {name: form[name].value() or "" for name in form.fields} | columns
    sent = client.post(sent.url, values)
    assert sent.status_code == 302, sent.content.decode()
    Worker().drain(timezone.now())
    return client, ImportRun.objects.latest("pk")


def test_from_a_paste_to_its_withdrawal(world: World) -> None:
    before = Party.objects.count()
    client, run = _through(world, TABLE, mapping_name="HR list")
    page = client.get(f"/data/imports/{run.public_id}/").content.decode()
    assert (run.state, run.rows_refused) == ("checked", 1)
    assert "“Room” is none of them." in page
    refused = client.post(f"/data/imports/{run.public_id}/enter/", {"version": run.changed_seq}, follow=True)
    assert "Nothing is entered while a row is refused." in refused.content.decode()
    chinese = client.get(f"/data/imports/{run.public_id}/report/csv/", headers={"accept-language": "zh-hans"})
    assert chinese.status_code == 200
    assert SavedMapping.objects.get().mapping["code"] == "Code"

    client, run = _through(world, TABLE.replace("Room", "Workplace"))
    client.post(f"/data/imports/{run.public_id}/enter/", {"version": run.changed_seq})
    Worker().drain(timezone.now())
    run.refresh_from_db()
    assert run.state == "entered"
    assert Party.objects.count() == before + 2
    page = client.get(f"/data/imports/{run.public_id}/withdraw/")
    values = {"reason": "wrong file", "version": run.changed_seq, "submission": "a" * 32}
    assert client.post(f"/data/imports/{run.public_id}/withdraw/", values).status_code == 302
    assert Party.objects.count() == before
    assert "Withdrawn" in client.get(f"/data/imports/{run.public_id}/").content.decode()


@pytest.mark.parametrize("target", TARGETS)
def test_the_template_can_be_brought(world: World, target: str) -> None:
    client = world.client(world.lin_mei)
    for form in ("csv", "xlsx"):
        taken = client.get(f"/data/imports/template/{target}/{form}/")
        content = b"".join(taken.streaming_content) if taken.streaming else taken.content
        brought = SimpleUploadedFile(f"t.{form}", content)
        sent = client.post(f"/data/imports/bring/{target}/", {"file": brought})
        assert sent.status_code == 302, sent.content.decode()
        fields = client.get(sent.url).context["form"]
        assert all(fields[name].value() for name in fields.fields if name.startswith("column_"))
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert import_targets.get(target).columns[-1].label("zh-hans") in book.read("xl/worksheets/sheet2.xml").decode()


def test_of_a_workbook_with_everything_each_table_takes_its_own_sheet(world: World) -> None:
    client = world.client(world.lin_mei)
    whole = client.get("/data/tables/everything/").content
    with zipfile.ZipFile(io.BytesIO(whole)) as book:
        names = re.findall('<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
    assert {"Organisation structure", "Links", "Responsibilities for outputs"} <= set(names)
    assert not {"Accounts", "Contacts"} & set(names)
    sent = client.post("/data/imports/bring/links/", {"file": SimpleUploadedFile("everything.xlsx", whole)})
    page = client.get(sent.url)
    assert page.context["seen"].sheet == "Links"
    assert page.context["form"]["column_supplier"].value() == "Supplier"


@pytest.mark.sqlite
@pytest.mark.parametrize("person", ["chen_jie", "wang_fang", "he_jun", "tom_reed", "ivy_stone"])
def test_others_neither_see_nor_bring(world: World, person: str) -> None:
    _client, run = _through(world, TABLE)
    client = world.client(getattr(world, person))
    for page in (
        "",
        "bring/organisation/",
        f"{run.public_id}/",
        f"{run.public_id}/columns/",
        f"{run.public_id}/report/csv/",
    ):
        seen = client.get(f"/data/imports/{page}")
        if person == "wang_fang" and not page:  # who leads links brings their handoffs, and sees what he brought
            assert run.title not in seen.content.decode()
        else:
            assert seen.status_code in (403, 404), page
    for page in ("enter", "withdraw", "resume"):
        sent = client.post(f"/data/imports/{run.public_id}/{page}/", {"version": run.changed_seq, "reason": "x"})
        assert sent.status_code in (403, 404), page
    run.refresh_from_db()
    assert run.state == "checked"


def test_what_would_change_is_shown_before_it_is_entered(world: World) -> None:
    header = "Sign-in name\tName (English)\tPhone\tShoe size\n"
    table = f"{header}{world.chen_jie.sign_in_name}\tChen Jieying\t+8613900139000\t38\n"
    client = world.client(world.qian_li)
    sent = client.post("/data/imports/bring/people/", {"pasted": table})
    page = client.get(sent.url)
    assert "they are not imported: Shoe size" in page.content.decode()
    form = page.context["form"]
    client.post(sent.url, {name: form[name].value() or "" for name in form.fields})
    Worker().drain(timezone.now())
    page = client.get(f"/data/imports/{ImportRun.objects.get().public_id}/")
    told = [(one.row, one.column, one.now, one.then) for one in page.context["changed"]]
    assert ("Phone", "…", "…") in [one[1:] for one in told]
    assert (2, "Name (English)", "Chen Jie", "Chen Jieying") in told
    assert "+8613900139000" not in page.content.decode()
