"""Who is who in the demonstration."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from baton.core.rules import Role
from baton_analysis.errors import gettext_noop

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

    @property
    def name(self) -> dict[str, str]:
        """His name by language."""
        return {"en": self.english, "zh-hans": self.chinese}


# Infection control, and equipment and IT, have no head: two gaps that the first page shows.
HOSPITAL = (
    DemoPerson("quality", "Lin Mei", "林梅", gettext_noop("quality manager"), Role.QUALITY_MANAGER),
    DemoPerson("ward", "Wang Fang", "王芳", gettext_noop("head of ward nursing A"), heads=("ward_a",)),
    DemoPerson("nurse", "Chen Jie", "陈洁", gettext_noop("nurse in ward A"), belongs=("ward_a",)),
    DemoPerson("director", "He Jun", "何军", gettext_noop("director"), Role.DIRECTOR),
    DemoPerson("admin", "Sun Yan", "孙燕", gettext_noop("administrator"), Role.ADMINISTRATOR),
    DemoPerson("laundry", "Zhao Lei", "赵磊", gettext_noop("head of the laundry"), heads=("laundry",)),
    DemoPerson("auditor", "Wu Tao", "吴涛", gettext_noop("auditor"), Role.AUDITOR),
    DemoPerson("hr", "Qian Li", "钱丽", gettext_noop("human resources"), Role.HR),
    DemoPerson("lab", "Ma Chao", "马超", gettext_noop("head of the clinical laboratory"), heads=("lab",)),
    DemoPerson("nursing", "Liu Yang", "刘洋", gettext_noop("head of nursing"), heads=("nursing",)),
    DemoPerson("pharmacy", "Xu Jing", "徐静", gettext_noop("head of the pharmacy"), heads=("pharmacy",)),
    DemoPerson("logistics", "Feng Gang", "冯刚", gettext_noop("head of logistics"), heads=("logistics",)),
    DemoPerson("medical", "Deng Hua", "邓华", gettext_noop("head of the medical departments"), heads=("medical",)),
    DemoPerson("imaging", "Zhou Ping", "周萍", gettext_noop("head of imaging"), heads=("imaging",)),
    DemoPerson("cssd", "Hu Min", "胡敏", gettext_noop("head of central sterile supply"), heads=("cssd",)),
    DemoPerson("admission", "Zheng Yu", "郑宇", gettext_noop("head of admission and finance"), heads=("admission",)),
    DemoPerson("washer", "Shen Yan", "沈燕", gettext_noop("washer in the laundry"), belongs=("laundry",)),
    DemoPerson("porter", "Gao Ming", "高明", gettext_noop("porter"), belongs=("porters",)),
)

# Maintenance and incoming inspection have no head.
FACTORY = (
    DemoPerson("quality", "Lin Mei", "林梅", gettext_noop("quality manager"), Role.QUALITY_MANAGER, heads=("quality",)),
    DemoPerson("line_a", "Wang Fang", "王芳", gettext_noop("head of line A"), heads=("line_a",)),
    DemoPerson("operator", "Chen Jie", "陈洁", gettext_noop("operator at line A"), belongs=("line_a",)),
    DemoPerson("director", "He Jun", "何军", gettext_noop("director"), Role.DIRECTOR, heads=("plant",)),
    DemoPerson("admin", "Sun Yan", "孙燕", gettext_noop("administrator"), Role.ADMINISTRATOR),
    DemoPerson("warehouse", "Zhao Lei", "赵磊", gettext_noop("head of the warehouse"), heads=("warehouse",)),
    DemoPerson("auditor", "Wu Tao", "吴涛", gettext_noop("auditor"), Role.AUDITOR),
    DemoPerson("hr", "Qian Li", "钱丽", gettext_noop("human resources"), Role.HR),
    DemoPerson("line_b", "Ma Chao", "马超", gettext_noop("head of line B"), heads=("line_b",)),
    DemoPerson("production", "Deng Hua", "邓华", gettext_noop("head of production"), heads=("production",)),
    DemoPerson("planning", "Liu Yang", "刘洋", gettext_noop("head of planning"), heads=("planning",)),
    DemoPerson("purchasing", "Feng Gang", "冯刚", gettext_noop("head of purchasing"), heads=("purchasing",)),
    DemoPerson("sales", "Xu Jing", "徐静", gettext_noop("head of sales"), heads=("sales",)),
    DemoPerson("shipping", "Zhou Ping", "周萍", gettext_noop("head of shipping"), heads=("shipping",)),
    DemoPerson("engineering", "Hu Min", "胡敏", gettext_noop("head of engineering"), heads=("engineering",)),
)

# Instruments and metrology, and the reagent store, have no head.
LABORATORY = (
    DemoPerson("quality", "Lin Mei", "林梅", gettext_noop("quality manager"), Role.QUALITY_MANAGER, heads=("quality",)),
    DemoPerson("bench", "Wang Fang", "王芳", gettext_noop("head of the test bench"), heads=("bench",)),
    DemoPerson("analyst", "Chen Jie", "陈洁", gettext_noop("analyst at the chemical bench"), belongs=("bench_chem",)),
    DemoPerson("director", "He Jun", "何军", gettext_noop("director"), Role.DIRECTOR, heads=("laboratory",)),
    DemoPerson("admin", "Sun Yan", "孙燕", gettext_noop("administrator"), Role.ADMINISTRATOR),
    DemoPerson("prep", "Zhao Lei", "赵磊", gettext_noop("head of sample preparation"), heads=("prep",)),
    DemoPerson("auditor", "Wu Tao", "吴涛", gettext_noop("auditor"), Role.AUDITOR),
    DemoPerson("hr", "Qian Li", "钱丽", gettext_noop("human resources"), Role.HR),
    DemoPerson("reception", "Liu Yang", "刘洋", gettext_noop("head of sample reception"), heads=("reception",)),
    DemoPerson("chemistry", "Xu Jing", "徐静", gettext_noop("head of the chemical bench"), heads=("bench_chem",)),
    DemoPerson("physics", "Feng Gang", "冯刚", gettext_noop("head of the physical bench"), heads=("bench_phys",)),
    DemoPerson("reports", "Ma Chao", "马超", gettext_noop("head of the report office"), heads=("report_office",)),
    DemoPerson(
        "contracts", "Zheng Yu", "郑宇", gettext_noop("head of sales and contract review"), heads=("contract_review",)
    ),
)

PEOPLE: Mapping[str, tuple[DemoPerson, ...]] = {"hospital": HOSPITAL, "factory": FACTORY, "laboratory": LABORATORY}
"""Everybody of the demonstration of each sector, the most useful first."""

ABOVE = {
    "nursing": ({"en": "Nursing", "zh-hans": "护理部"}, ("ward_a", "ward_b")),
    "logistics": ({"en": "Logistics", "zh-hans": "后勤保障部"}, ("laundry", "porters", "cssd", "equipment")),
    "medical": ({"en": "Medical departments", "zh-hans": "医技科室"}, ("doctors", "lab", "imaging", "pharmacy")),
}
"""Departments above the parties of the simulated hospital: code, name, and which of them stand under it."""


def sign_in_lines(sector: str) -> list[str]:
    """Who may sign in to the demonstration of a sector, a line each, for a terminal."""
    head = f"Sign in as one of these; the password is always: {PASSWORD}"
    return [head, *(f"  {person.sign_in_name:<10} {person.english}, {person.does}" for person in PEOPLE[sector])]


def sector_of(sign_in_names: Collection[str]) -> str | None:
    """The demonstration whose people are all among these; None where it is none."""
    for sector, people in PEOPLE.items():
        if {person.sign_in_name for person in people} <= set(sign_in_names):
            return sector
    return None
