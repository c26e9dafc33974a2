"""Every check of a sector file notices a planted fault, and says in which file, table and entry it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from baton.starters.sectors import SectorError, checked, faults, read

BAKERY = Path(__file__).with_name("bakery.toml").read_text(encoding="utf-8")

FLOUR = "mill > bakehouse: FLOUR"
BREAD = "night > counter: BREAD"
SALE = "counter > buyers: SALE"
SECOND_MILL = (
    '{ code = "mill_2", kind = "outside_supplier", stage = "back", name = { en = "Mill 2", zh-hans = "第二面粉厂" } },'
)
MILLS = 'responsible = ["mill", "mill_2"], accountable = ["owner"]'

# A planted fault a line: what is replaced by what (the first time that it stands there), and the table, entry and words
# of the message.
IN_ONE_ENTRY = [
    ("party = [", "partys = [", "-", "-", "Expected a value for party"),
    ("about = {", "remark = {", "-", "-", "Expected a value for about"),
    ('about = { en = "A bakery."', 'colour = 1\nabout = { en = "A bakery."', "-", "-", "Found colour"),
    ('{ code = "n1", text', '3, { code = "n1", text', "note", "1", "Expected a table of keys and values"),
    ('kind = "shift", stage = "back"', 'kind = "shift"', "party", "night", "Expected a value for stage"),
    ('code = "night"', "code = 7", "party", "7", "Expected str as code"),
    ('code = "night"', 'code = "Night shift"', "party", "Night shift", "written like ward_night"),
    ('item = "FLOUR"', 'item = "flour"', "output", "flour", "written like LINEN-CLEAN"),
    ('kind = "shift"', 'kind = "gang"', "party", "night", "Expected one of department, "),
    ('kind = "shift"', 'kind = "person"', "party", "night", "Found a person"),
    ('kind = "shift"', 'kind = "shift", size = 4', "party", "night", "Found size"),
    ('en = "Night shift", zh-hans = "夜班"', 'en = "Night shift"', "party", "night", "Found none in zh-hans"),
    ('en = "Night shift", zh-hans = "夜班"', 'en = " ", zh-hans = "夜班"', "party", "night", "Found none in en"),
    ('zh-hans = "夜班"', 'zh-hans = "Night shift"', "party", "night", "Found Night shift / Night shift"),
    ('en = "Night shift"', 'en = "夜班"', "party", "night", "Found 夜班 / 夜班"),
    ('en = "Night shift"', f'en = "{"Night " * 40}"', "party", "night", "Expected at most 200 characters as name"),
    ('kind = "service", name = { en = "Flour"', 'name = { en = "Flour"', "output", "FLOUR", "a value for kind"),
    ('["bakehouse"], informed', '["bakehouse"], owns', "output", "BREAD", "Found owns"),
    ('responsible = ["night"]', 'responsible = ["night", "night"]', "output", "BREAD", "each once"),
    ('suppliers = ["mill"]', "suppliers = []", "link", " > bakehouse: FLOUR", "at least one code as suppliers"),
    ("spend = 5", "spend = 6", "link", FLOUR, "from 1 to 5 as spend"),
    ("spend = 5, ", "", "link", FLOUR, "Expected a value for spend"),
    ("value = 95, ", "", "link.clauses", FLOUR, "Expected a value for value"),
    ("value = 95", 'value = "95"', "link.clauses", FLOUR, "Expected int | float as value"),
    ("value = 95", "value = true", "link.clauses", FLOUR, "Expected int | float as value"),
    ("value = 95", "value = nan", "link.clauses", FLOUR, "Expected a number as value"),
    ('unit = "%", ', "", "link.clauses", FLOUR, "Expected a value for unit"),
    ('direction = "at_least"', 'direction = "about"', "link.clauses", FLOUR, "Found 'about'"),
    ('promised = "training"', 'promised = "pay"', "promise", "pay", "Found 'pay'"),
    ('dimension = "assurance"', 'dimension = "price"', "survey", "s2", "Found 'price'"),
    ('factor = "machine"', 'factor = "money"', "check", "c2", "Found 'money'"),
    ('name = { en = "Bakery", zh', 'name = { en = "Bakery", en = "B", zh', "-", "-", "Expected a TOML file"),
]
BETWEEN_ENTRIES = [
    ('code = "night", kind', 'code = "counter", kind', "party", "counter", "Found it 2 times"),
    ('item = "FLOUR"', 'item = "SALE"', "output", "SALE", "Found it 2 times"),
    ('en = "Flour"', 'en = "Bread"', "output, en", "Bread", "Found it 2 times"),
    ('zh-hans = "合伙人"', 'zh-hans = "店主"', "party, zh-hans", "店主", "Found it 2 times"),
    ('{ code = "n1"', '{ code = "n1", text = { en = "A.", zh-hans = "一。" } }, { code = "n1"',
     "note", "n1", "Found it 2 times"),
    ('promised = "training"', 'promised = "support"', "promise", "support", "Found it 2 times"),
    ('code = "s2"', 'code = "s1"', "survey", "s1", "Found it 2 times"),
    ('code = "c2"', 'code = "c1"', "check", "c1", "Found it 2 times"),
    ("[[link]]", '{bread}[[link]]', "link", BREAD, "Found it 2 times"),
    ('parent = "bakehouse"', 'parent = "cellar"', "party", "night", "Found 'cellar'"),
    ('deputy_of = "owner"', 'deputy_of = "boss"', "party", "partner", "Found 'boss'"),
    ('responsible = ["night"]', 'responsible = ["day"]', "output", "BREAD", "as responsible a code"),
    ('whose = "buyers"', 'whose = "guests"', "need", "fresh", "Found 'guests'"),
    ('suppliers = ["night"]', 'suppliers = ["day"]', "link", "day > counter: BREAD", "as suppliers a code"),
    ('customers = ["counter"]', 'customers = ["shop"]', "link", "night > shop: BREAD", "as customers a code"),
    ('output = "BREAD"', 'output = "CAKE"', "link", "night > counter: CAKE", "as output a code"),
    ('need = "fresh"', 'need = "cheap"', "link", FLOUR, "as need a code"),
    ('output = "THANKS", text', 'output = "PRAISE", text', "promise", "recognition", "Found 'PRAISE'"),
    ('factor = "man", party = "night"', 'factor = "man", party = "x"', "check", "c1", "as party a code"),
    ('zh-hans = "秤。" }, source = "S2"', 'zh-hans = "秤。" }, source = "S9"', "check", "c6", "as source a code"),
    ('规则。" }, source = "S2"', '规则。" }, source = "S9"', "note", "n1", "as source a code"),
    ('kind = "department", stage = "back", parent = "bakery"', 'kind = "department", stage = "back", parent = "night"',
     "party", "bakehouse", "it stands under itself"),
    ('stage = "front", parent = "bakery"', 'stage = "front", parent = "buyers"',
     "party", "counter", "Found buyers above"),
    ('code = "partner", kind = "role"', 'code = "partner", kind = "team"',
     "party", "partner", "a role that stands in for another role"),
    ('deputy_of = "owner"', 'deputy_of = "counter"', "party", "partner", "a role that stands in for another role"),
    ('deputy_of = "owner"', 'deputy_of = "partner"', "party", "partner", "a role that stands in for another role"),
    ('stage = "front", parent = "bakery", name', 'stage = "front", name', "party", "bakery, counter", "Found 2"),
    ('parent = "bakery", deputy_of = "owner"', 'parent = "bakery"', "party", "partner", "everybody has one"),
    ('customers = ["buyers"]', 'customers = ["night"]', "party", "buyers", "a link to this outside customer"),
    ('suppliers = ["mill"]', 'suppliers = ["night"]', "party", "mill", "a link from this outside supplier"),
    ('whose = "buyers"', 'whose = "mill"', "party", "buyers", "a need in the words of this outside customer"),
    ('customers = ["counter"]', 'customers = ["night"]', "link", "night > night: BREAD", "Expected two parties"),
    ('customers = ["bakehouse"]', 'customers = ["buyers"]', "link", "mill > buyers: FLOUR", "organisation on one side"),
    ('stage = "front"\n', 'stage = "back"\n', "link", SALE, "Expected stage front"),
    ('need = "fresh"\nstage = "back"', 'need = "fresh"\nstage = "front"', "link", FLOUR, "Expected stage front"),
    ('sourcing = "chosen"', 'sourcing = "accidental"', "link", FLOUR, "Expected a continuity plan"),
    ('continuity = { en = "Flour for a week.", zh-hans = "备一周面粉。" }', "", "link", FLOUR, "a continuity plan"),
    ('accountable = ["bakehouse"]', 'accountable = []', "output", "BREAD", "Found 0"),
    ('accountable = ["bakehouse"]', 'accountable = ["bakehouse", "owner"]', "output", "BREAD", "Found 2"),
    ('accountable = ["bakehouse"]', 'accountable = ["mill"]', "output", "BREAD", "Found mill, which stands outside"),
    ('responsible = ["night"], ', "", "output", "BREAD", "at least one responsible party"),
    ('responsible = ["night"], accountable = ["bakehouse"]', 'responsible = ["owner"], accountable = ["counter"]',
     "output", "BREAD", "Found night as supplier only"),
    ('{ item = "TRAINING"',
     '{ item = "CAKE", revision = "1", kind = "service", name = { en = "Cake", zh-hans = "蛋糕" }, '
     'raci = { responsible = ["night"], accountable = ["night"] } }, { item = "TRAINING"',
     "output", "CAKE", "Expected a link on which it is handed over"),
    ('{ code = "fresh"',
     '{ code = "cheap", whose = "buyers", name = { en = "Cheap.", zh-hans = "便宜。" } }, { code = "fresh"',
     "need", "cheap", "served by 0 links"),
    ('    { promised = "training", output = "TRAINING", text = { en = "You learn.", zh-hans = "人人有学。" } },\n', "",
     "promise", "training", "at least one entry of this kind"),
    ('promised = "training", output = "TRAINING"', 'promised = "training", output = "BREAD"',
     "promise", "training", "Found 0 such links of 1"),
    ('dimension = "empathy"', 'dimension = "overall"', "survey", "empathy", "at least one entry of this kind"),
    ('factor = "method"', 'factor = "man"', "check", "method", "at least one entry of this kind"),
    ('clauses = [\n    { measure = { en = "On time"', 'clauses = []\nplanted = [\n    { measure = { en = "On time"',
     "link", FLOUR, "Found planted"),
    ('unit = "%"', 'unit = "percent"', "link.clauses", f"{FLOUR}, On time", "Expected one of the units %, "),
    ("value = 95", "value = 105", "link.clauses", f"{FLOUR}, On time", "Expected shares from 0 to 100"),
    ("value = 5,", "value = -5,", "link.clauses", f"{SALE}, Waiting", "no negative values"),
    ("attainment = 90", "attainment = 190", "link.clauses", f"{BREAD}, Time to bake", "Expected shares from 0 to 100"),
    ("value = 95", "value = 95, attainment = 90", "link.clauses", f"{FLOUR}, On time", "no share itself"),
    ("upto = 40", "upto = 30", "link.clauses", f"{BREAD}, Time to bake", "Expected upto, above value"),
    (", upto = 40", "", "link.clauses", f"{BREAD}, Time to bake", "Expected upto, above value"),
    ("value = 95", "value = 95, upto = 98", "link.clauses", f"{FLOUR}, On time", "Expected upto, above value"),
    ('source = "PL"', 'source = "ZZ"', "link.clauses", f"{FLOUR}, On time", "one of the sources 4M, "),
    (', source = "PL"', "", "link.clauses", f"{FLOUR}, On time", "either example = true or"),
    ('source = "PL"', 'source = "PL", example = true', "link.clauses", f"{FLOUR}, On time", "either example = true or"),
]  # fmt: skip


def planted(old: str, new: str) -> bytes:
    """The file with one fault in it."""
    assert old in BAKERY
    start = BAKERY.rindex("[[link]]", 0, BAKERY.index('suppliers = ["night"]'))
    bread = BAKERY[start : BAKERY.index("[[link]]", start + 1)]
    return BAKERY.replace(old, new.replace("{bread}", bread), 1).encode()


def faults_in(text: bytes) -> list[SectorError]:
    """All that is found; the door itself raises the first."""
    with pytest.raises(SectorError) as raised:
        checked(text, code="bakery")
    try:
        found = list(faults(read(text, code="bakery")))
    except SectorError as error:
        found = [error]
    assert str(raised.value) == str(found[0])
    return found


def fault_in(text: bytes) -> SectorError:
    return faults_in(text)[0]


def test_a_sound_file_has_no_fault() -> None:
    bakery = checked(BAKERY.encode(), code="bakery")
    assert [link.customer for link in bakery.links if link.supplier == "owner"] == ["bakery"] * 3


@pytest.mark.parametrize(("old", "new", "table", "entry", "said"), IN_ONE_ENTRY + BETWEEN_ENTRIES)
def test_planted_fault_is_named(old: str, new: str, table: str, entry: str, said: str) -> None:
    found = faults_in(planted(old, new))
    messages = [
        str(fault) for fault in found if (fault.file, fault.table, fault.entry) == ("bakery.toml", table, entry)
    ]
    assert any(said in message for message in messages), [str(fault) for fault in found]
    assert all(message.startswith(f"bakery.toml, table {table}, entry {entry}: Expected") for message in messages)


def test_a_file_that_is_no_text_is_refused() -> None:
    assert "Expected a TOML file in UTF-8" in str(fault_in(b"\xff\xfe"))


def test_a_link_without_clauses_is_refused() -> None:
    start = BAKERY.index('    { measure = { en = "Waiting"')
    end = BAKERY.index("]\n", start)
    fault = fault_in((BAKERY[:start] + BAKERY[end:]).encode())
    assert (fault.table, fault.entry) == ("link", SALE)
    assert "at least one clause" in str(fault)


def test_a_chain_that_ends_inside_is_found_for_everybody_in_it() -> None:
    """Who serves only somebody who serves nobody outside has no outside customer either."""
    circle = BAKERY.replace('customers = ["counter"]', 'customers = ["owner"]', 1).replace(
        'customers = ["bakery"]', 'customers = ["bakehouse"]'
    )
    found = list(faults(read(circle.encode(), code="bakery")))
    assert {fault.entry for fault in found if "chain of links to an outside customer" in str(fault)} == {
        "owner", "partner", "bakehouse", "night",
    }  # fmt: skip


def test_a_need_that_the_link_does_not_reach_is_refused() -> None:
    """Flour that ends at the bakehouse does not serve the buyers of the counter."""
    ends = BAKERY.replace('customers = ["counter"]', 'customers = ["owner"]', 1)
    ends = ends.replace('customers = ["bakery"]', 'customers = ["bakehouse"]')
    said = [str(fault) for fault in faults(read(ends.encode(), code="bakery")) if fault.entry == FLOUR]
    assert len(said) == 1
    assert "a need of an outside customer whom this link reaches" in said[0]


def test_a_second_supplier_belies_a_single_source() -> None:
    two = BAKERY.replace('{ code = "mill"', SECOND_MILL + ' { code = "mill"', 1)
    two = two.replace('responsible = ["mill"], accountable = ["owner"]', MILLS, 1)
    start = two.index("[[link]]")
    link = two[start : two.index("[[link]]", start + 1)].replace('["mill"]', '["mill_2"]')
    link = "\n".join(line for line in link.splitlines() if not line.startswith(("sourcing", "continuity")))
    fault = fault_in((two + link + "\n").encode())
    assert (fault.table, fault.entry) == ("link", FLOUR)
    assert "no other supplier of this output" in str(fault)


def test_a_tree_may_not_be_deeper_than_the_chain_allows() -> None:
    deep = "".join(
        f'{{ code = "d{n}", kind = "team", stage = "back", parent = "{"night" if n == 0 else f"d{n - 1}"}", '
        f'name = {{ en = "D{n}", zh-hans = "层{n}" }} }},\n'
        for n in range(10)
    )
    fault = fault_in(BAKERY.replace('{ code = "mill"', deep + '{ code = "mill"', 1).encode())
    assert (fault.table, fault.entry) == ("party", "d9")
    assert "Expected at most 12 levels. Found 13." in str(fault)


def test_messages_can_be_translated() -> None:
    said = fault_in(planted('unit = "%"', 'unit = "percent"')).render(lambda text: text.replace("Expected", "应为"))
    assert "应为 one of the units" in said
