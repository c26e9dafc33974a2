"""Who is who in the demonstration."""

from __future__ import annotations

from dataclasses import dataclass

from baton.core.rules import Role

PASSWORD = "pass-the-baton"
"""Password of everybody in the demonstration; known to the whole world."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demonstration: how he signs in, his names, his organisation-wide role, and what he heads or
    belongs to (codes of parties)."""

    sign_in_name: str
    english: str
    chinese: str
    does: str
    role: Role | None = None
    heads: tuple[str, ...] = ()
    belongs: tuple[str, ...] = ()


PEOPLE = (
    DemoPerson("quality", "Lin Mei", "林梅", "quality manager", Role.QUALITY_MANAGER),
    DemoPerson("director", "He Jun", "何军", "director", Role.DIRECTOR),
    DemoPerson("admin", "Sun Yan", "孙燕", "administrator", Role.ADMINISTRATOR),
    DemoPerson("auditor", "Wu Tao", "吴涛", "auditor", Role.AUDITOR),
    DemoPerson("hr", "Qian Li", "钱丽", "human resources", Role.HR),
    DemoPerson("ward", "Wang Fang", "王芳", "head of ward nursing A", heads=("ward_a",)),
    DemoPerson("nurse", "Chen Jie", "陈洁", "nurse in ward A", belongs=("ward_a",)),
    DemoPerson("laundry", "Zhao Lei", "赵磊", "head of the laundry", heads=("laundry",)),
    DemoPerson("lab", "Ma Chao", "马超", "head of the clinical laboratory", heads=("lab",)),
    DemoPerson("nursing", "Liu Yang", "刘洋", "head of nursing", heads=("nursing",)),
    DemoPerson("pharmacy", "Xu Jing", "徐静", "head of the pharmacy", heads=("pharmacy",)),
    DemoPerson("porter", "Gao Ming", "高明", "porter", belongs=("porters",)),
)

ABOVE = {
    "nursing": ({"en": "Nursing", "zh-hans": "护理部"}, ("ward_a", "ward_b")),
    "logistics": ({"en": "Logistics", "zh-hans": "后勤保障部"}, ("laundry", "porters", "cssd", "equipment")),
    "medical": ({"en": "Medical departments", "zh-hans": "医技科室"}, ("doctors", "lab", "imaging", "pharmacy")),
}
"""Departments above the parties of the simulated hospital: code, name, and which of them stand under it."""


def sign_in_lines() -> list[str]:
    """Who may sign in to the demonstration, a line each, for a terminal."""
    head = f"Sign in as one of these; the password is always: {PASSWORD}"
    return [head, *(f"  {person.sign_in_name:<10} {person.english}, {person.does}" for person in PEOPLE)]
