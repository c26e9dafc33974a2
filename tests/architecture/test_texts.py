"""Every text of the program has a translation that can be filled in, and the compiled files are those of the source."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def texts() -> ModuleType:
    """scripts/texts.py as a module."""
    spec = importlib.util.spec_from_file_location("texts", ROOT / "scripts" / "texts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["texts"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def chinese(texts: ModuleType) -> Any:
    """All texts of the source with their Chinese; to read them takes seconds."""
    return texts.merged("zh_Hans")


def test_translations_are_complete(texts: ModuleType, chinese: Any) -> None:
    found = texts.problems("zh_Hans", chinese)
    assert not found, f"{len(found)} problems, first of them:\n" + "\n".join(found[:40])


# The words of the interface: one English word, one Chinese word, on every page.
FIXED_WORDS = {
    "Party": "部门/岗位", "Link": "服务关系", "Supplier": "供应方", "Customer": "客户", "Output": "产出",
    "Head": "负责人", "Deputy": "代理人", "membership": "成员关系", "Handoffs": "交接", "Handovers": "交接",
    "Accept": "签收", "Return": "退回", "Signal": "异常预警", "Event log": "事件日志", "Case": "案例",
    "Centre line": "中心线", "Upper limit": "上控制限", "Lower limit": "下控制限", "Violations": "判异",
    "Phase": "阶段", "Median wait": "等待时间中位数", "Audit trail": "审计追踪",
    "To be cleared up": "待理清事项",
}  # fmt: skip
# 检查 is an examination in a hospital (核对, 核查), 升级 an upgrade (逐级上报), 当事方 a party to a lawsuit.
# 抱怨 is a grievance (投诉), but one of the four words that the complaint form prints, exactly so.
WRONG_WORDS = ("检查", "升级", "当事方", "抱怨", "你")
WORD_OF_THE_FORM = ("complaint form", "Complaint")
HALF_WIDTH = re.compile(r"[一-鿿][,;:?!()]|[,;:?!()][一-鿿]")


def test_chinese_keeps_to_its_words(texts: ModuleType, chinese: Any) -> None:
    assert {word: chinese.get(word).string for word in FIXED_WORDS} == FIXED_WORDS
    messages = [one for one in texts.texts(chinese) if (one.context, one.id) != WORD_OF_THE_FORM]
    said = [text for message in messages for text in texts.strings(message)]
    assert [text for text in said for word in WRONG_WORDS if word in text] == []


def test_chinese_has_full_width_punctuation(texts: ModuleType, chinese: Any) -> None:
    said = [text for message in texts.texts(chinese) for text in texts.strings(message)]
    assert [text for text in said if HALF_WIDTH.search(re.sub(r"``\S+``", "", text)) and "JSON" not in text] == []


@pytest.fixture
def small(texts: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A source of one Python file and one template, with complete translations; the folder of the package."""
    monkeypatch.setattr(texts, "ROOT", tmp_path)
    monkeypatch.setattr(texts, "SOURCE", tmp_path)
    package = tmp_path / "baton"
    package.mkdir()
    (package / "rules.py").write_text('from x import gettext_lazy as _\n\nLATE = _("Late by {days} days")\n')
    (package / "page.html").write_text(
        "{% load i18n %}\n{% blocktranslate trimmed count n=n %}{{ n }} link{% plural %}{{ n }} links"
        '{% endblocktranslate %}\n{% translate "Map" %} {{ _("Chain") }}\n'
    )
    catalog = texts.collect("zh_Hans")
    chinese = {"Late by {days} days": "迟 {days} 天", "Map": "地图", "Chain": "链"}
    for message in texts.texts(catalog):
        message.string = chinese.get(message.id, ("%(n)s 个服务关系",))
    write(texts, catalog)
    return package


def write(texts: ModuleType, catalog: object) -> None:
    po, mo = texts.written(catalog)
    file = texts.po_file("zh_Hans")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(po)
    file.with_suffix(".mo").write_bytes(mo)


def test_complete_translations_have_no_problem(texts: ModuleType, small: Path) -> None:
    assert texts.problems("zh_Hans") == []


def test_new_text_is_noticed(texts: ModuleType, small: Path) -> None:
    (small / "new.py").write_text('from x import gettext\n\ngettext("Sent back")\n')
    assert "no translation: Sent back" in texts.problems("zh_Hans")


def test_text_no_longer_used_is_noticed(texts: ModuleType, small: Path) -> None:
    (small / "rules.py").unlink()
    assert any("not in step with the source" in problem for problem in texts.problems("zh_Hans"))


def test_other_placeholder_is_noticed(texts: ModuleType, small: Path) -> None:
    catalog = texts.merged("zh_Hans")
    catalog.get("Late by {days} days").string = "迟 {tage} 天"
    write(texts, catalog)
    assert texts.problems("zh_Hans") == ["other placeholders in the translation: Late by {days} days"]


def test_compiled_file_that_was_not_made_anew_is_noticed(texts: ModuleType, small: Path) -> None:
    texts.po_file("zh_Hans").with_suffix(".mo").write_bytes(b"old")
    assert len(texts.problems("zh_Hans")) == 1
    assert ".po file" in texts.problems("zh_Hans")[0]
