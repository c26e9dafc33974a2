"""The matrix of suppliers and customers, and tables as workbooks."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape

import pytest
from python_calamine import CalamineWorkbook

from baton.chain import changes, queries
from baton.chain.queries.matrix import Matrix, MatrixFilters
from baton.chain.rules import MATRIX_MOST, GapReply
from baton.core.exports import xlsx_download
from tests.query_counts import queries_a_page
from tests.rooms.chain.test_gaps import accept, link, party
from tests.world import NOON, SYSTEM, World


def seen(world: World, key: str = "lin_mei", **filters: object) -> Matrix:
    asked = MatrixFilters(**filters)  # type: ignore[arg-type]
    return queries.matrix(viewer=world.actor(getattr(world, key)), at=NOON, filters=asked)


def filled(found: Matrix) -> dict[tuple[str, str], int]:
    name = {node.public_id: node.name["en"] for node in (*found.rows, *found.columns)}
    return {(name[row], name[column]): len(cell.links) for (row, column), cell in found.cells.items() if cell.links}


ALL = {
    ("Laundry", "Ward 3"): 1, ("Ward 3", "Laundry"): 1, ("Pharmacy", "Ward 3"): 1, ("Laboratory", "Ward 3"): 1,
    ("Ward 3", "Patient"): 1, ("LinenCo", "Laundry"): 1, ("Infection control", "Laboratory"): 1,
    ("LinenCo", "Stores"): 1,
}  # fmt: skip


def test_a_small_organisation_is_shown_whole(world: World) -> None:
    found = seen(world)
    assert filled(found) == ALL
    assert "Patient" not in {node.name["en"] for node in found.rows}, "hands nothing over"
    assert "LinenCo" not in {node.name["en"] for node in found.columns}, "receives nothing"
    tree = [(node.name["en"], node.depth) for node in found.columns]
    place = tree.index(("Nursing", 1))
    assert tree[place : place + 3] == [("Nursing", 1), ("Ward 3", 2), ("Night shift", 3)]


def test_a_level_counts_what_stands_below_with_it(world: World) -> None:
    link(world.stores, world.night_shift, "Lamps")
    top = seen(world, level=1)
    assert filled(top)[("Stores", "Nursing")] == 1
    assert filled(top)[("Laundry", "Nursing")] == 1
    nursing = next(node for node in top.columns if node.name["en"] == "Nursing")
    assert (nursing.parts, nursing.holds) == (2, 2)
    opened = seen(world, level=1, opened=frozenset({world.nursing.public_id}))
    assert ("Laundry", "Ward 3") in filled(opened)
    part = seen(world, columns=world.nursing.public_id, level=3)
    assert {node.name["en"] for node in part.columns} == {"Nursing", "Ward 3", "Night shift"}
    assert filled(part)[("Stores", "Night shift")] == 1


def test_nobody_sees_more_than_his_part_of_the_chain(world: World) -> None:
    assert filled(seen(world, "chen_jie")) == {pair: n for pair, n in ALL.items() if pair != ("LinenCo", "Stores")}
    assert seen(world, "chen_jie").editable == frozenset()
    assert world.laundry.public_id in seen(world, "zhao_lei").editable
    assert seen(world, "ivy_stone").rows == []


def test_work_without_a_link_stands_out_and_answers_stand_in_the_cell(world: World) -> None:
    accept([("Pharmacy", "Stores")] * 8 + [("Laundry", "Ward 3")] * 3)
    pair = (world.pharmacy.public_id, world.stores.public_id)
    assert seen(world).cells[pair].mined == 8
    assert pair not in seen(world, "xu_jing").cells, "he leads the pharmacy, and does not see the stores"
    assert pair not in seen(world, "chen_jie").cells
    client = world.client(world.lin_mei)
    page = unescape(client.get("/matrix/").content.decode())
    assert 'aria-label="Pharmacy to Stores: 8 handovers without a link"' in page
    address = re.search(r'<td class="cell-mined"><a href="([^"]+)"', page)
    assert address is not None
    assert "no dealings" in client.get(address[1]).content.decode()
    row = queries.gap(viewer=SYSTEM, at=NOON, detector="undeclared", key=".".join(pair))
    assert row is not None
    changes.answer_gap(by=SYSTEM, at=NOON, gap=row.gap, reply=GapReply.NO_DEALINGS, reason="Once, in May")
    assert 'aria-label="Pharmacy to Stores: No dealings: Once, in May"' in unescape(
        client.get("/matrix/").content.decode()
    )
    accept([("Pharmacy", "Stores")] * 9, name="more.csv")
    assert pair not in seen(world).answers, "the data disagree"


def test_an_empty_cell_leads_to_a_link_or_an_answer(world: World) -> None:
    client = world.client(world.zhao_lei)
    page = unescape(client.get("/matrix/").content.decode())
    label = "Laundry to Laboratory: no link; enter one, or say that they have no dealings"
    found = re.search(rf'<a href="([^"]+)" aria-label="{re.escape(label)}"', page)
    assert found is not None
    asked = unescape(client.get(found[1]).content.decode())
    assert f"supplier={world.laundry.public_id}&customer={world.laboratory.public_id}" in asked
    answered = client.post(f"{found[1]}answer/", {"reply": "no_dealings", "reason": "Never met"})
    assert answered.status_code == 302
    assert "No dealings: Never met" in client.get("/matrix/").content.decode()
    assert 'aria-label="Pharmacy to Laboratory: no link' not in page, "neither of the two is his"


@pytest.mark.sqlite
@pytest.mark.slow
def test_a_large_organisation_is_cut_and_says_so_with_as_many_queries(world: World) -> None:
    client = world.client(world.lin_mei)
    addresses = ["/matrix/", "/matrix/export/", "/matrix/?level=3"]
    link(world.stores, world.ward, "Lamps")
    queries_a_page(client, addresses)
    few = queries_a_page(client, addresses)
    for n in range(MATRIX_MOST):
        link(party(f"Unit {n:03}"), world.stores, f"Item {n}")
    assert queries_a_page(client, addresses) == few
    assert "are left out" in client.get("/matrix/?level=3").content.decode()
    assert seen(world).left_out[0] > 0


def test_the_matrix_as_csv_and_workbook(world: World) -> None:
    client = world.client(world.lin_mei)
    text = b"".join(client.get("/matrix/export/")).decode("utf-8-sig").splitlines()
    assert next(line for line in text if line.startswith("Laundry,")).count("1") == 1
    answer = client.get("/matrix/export/?format=xlsx")
    assert answer["Content-Disposition"] == 'attachment; filename="matrix.xlsx"'
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer))).get_sheet_by_index(0).to_python()
    assert len(rows) == len(text)
    assert 1.0 in next(row for row in rows if row[0] == "Laundry")


def test_every_list_is_a_workbook_too(world: World) -> None:
    client = world.client(world.lin_mei)
    for address in ("/links/export.csv", "/parties/export.csv", "/gaps/export.csv", "/data/chain.links/"):
        answer = client.get(f"{address}?format=xlsx")
        assert answer["Content-Disposition"].endswith('.xlsx"'), address
        book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer)))
        assert len(book.get_sheet_by_index(0).to_python()) > 3, address


def test_a_workbook_holds_texts_as_texts() -> None:
    evil = ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "http://example.org", "x" * 40_000, "00123", True]
    rows = [evil, [7, 2.5, NOON.date(), NOON, None, 10**17, float("nan")]]
    answer = xlsx_download("a.xlsx", [f"c{n}" for n in range(7)], rows)
    content = b"".join(answer)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert sheet[1] == [*evil[:4], "x" * 32_767, "00123", "True"]
    assert sheet[2] == [7.0, 2.5, "2026-06-01", "2026-06-01 12:00:00+00:00", "", "1" + "0" * 17, "nan"]
    inside = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in inside
