"""Bad event logs, by their numbers in the list of bad inputs: what is in the file, and how it is to be met.

``REFUSED`` are told while the file is brought, because it stands in their first rows; ``BROKEN`` while the worker
reads them to their end; ``REMARKED`` are read, and what is odd about them is said beside the preview.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from tests.analysis.readers.logs import HEAD, attribute, event, log, trace

CHINESE = "编号,部门,时间\n一,护理部门的工作人员,2026-03-01 08:00\n二,检验科的医生和技师,2026-03-01 09:30\n"
TRADITIONAL = "編號,部門,時間\n一,護理部門的工作人員,2026-03-01 08:00\n二,檢驗科的醫生和技師,2026-03-01 09:30\n"
LAUGHS = (
    '<?xml version="1.0"?>\n<!DOCTYPE log [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(12))
    + ']>\n<log><trace><string key="concept:name" value="&m;"/></trace></log>'
)


@dataclass(frozen=True)
class BadFile:
    """A file by its number; ``words`` stand in the English message, ``columns`` are what would be case, party, time."""

    number: str
    words: str
    content: Callable[[], bytes]
    name: str = "log.csv"
    columns: tuple[str, str, str] = ("case", "team", "time")

    def __str__(self) -> str:
        return self.number


def text(written: str, encoding: str = "utf-8") -> Callable[[], bytes]:
    return lambda: written.encode(encoding)


def behind(last: str, *, header: str = "case,team,time\n", row: str = "1,A,2026-01-01 08:00\n") -> Callable[[], bytes]:
    """So many good rows that a preview does not see the last one."""
    return lambda: (header + row * 6_000 + last).encode()


@cache
def bomb() -> bytes:
    """A log of 300 MB in less than 1 MB."""
    engine = zlib.compressobj(9, wbits=31)
    packed = [engine.compress((HEAD + "<trace>" + attribute("concept:name", "a")).encode())]
    piece = event(activity="x").encode() * 20_000
    packed += [engine.compress(piece) for _ in range(300_000_000 // len(piece))]
    return b"".join([*packed, engine.flush()])


def mixed() -> bytes:
    rows = CHINESE.splitlines(keepends=True)
    return rows[0].encode() + rows[1].encode() + rows[2].encode("gb18030")


def mixed_behind() -> bytes:
    good = behind("", row="一,护理部门的工作人员,2026-03-01 08:00\n")()
    return good + "二,检验科的医生和技师,2026-03-01 09:30\n".encode("gb18030")


def xes(*parts: str) -> Callable[[], bytes]:
    return lambda: log(*parts)


GOOD = "".join(trace(str(i), event(activity=str(i * i), group="A")) for i in range(2_000))

REFUSED = [
    BadFile("B001", "The file is empty", text("\n\n")),
    BadFile("B001-bytes", "The file is empty", text("")),
    BadFile("B002", "no row", text("case,team,time\n")),
    BadFile("B006", "Row 3 has bytes", mixed),
    BadFile("B006-behind", "Row 6002 has bytes", mixed_behind),
    BadFile("B007", "NUL character", text("case,team\n1,A\x00B\n")),
    BadFile("B008", "is longer", text("case,team\n1," + "x" * 1_000_001 + "\n")),
    BadFile("B009", "double quote", text('case,team\n1,A\n2,"B\n3,C\n')),
    BadFile("B010", "values", text("case,team\n1,A\n2,B,C\n")),
    BadFile("B012", "columns", text("," * 10_000_000 + "\n")),
    BadFile("B013", "columns 2, 4", text("case,team,time,team\n1,A,2026,B\n")),
    BadFile("B014", "columns 1, 2", text("Caf\u00e9,Cafe\u0301 \n1,2\n")),
    BadFile("B019", "values", text("case,team,hours\n1,A,3,14\n2,B,3.14\n")),
    BadFile("B035", "cut off", text("PK\x03\x04\x14\x00\x06\x00"), "log.xlsx"),
    BadFile("B036", "DOCTYPE", text(LAUGHS), "log.xes"),
    BadFile("B036-utf-16", "DOCTYPE", text(LAUGHS.partition("\n")[2], "utf-16"), "log.xes"),
    BadFile(
        "B037", "DOCTYPE",
        text(f'<!DOCTYPE log [<!ENTITY a "{"x" * 100_000}">]><log>{"&a;" * 100_000}</log>'), "log.xes",
    ),
    BadFile("B038", "nested", text(HEAD + "<trace><event>" + '<list key="a">' * 10_000), "log.xes"),
    BadFile(
        "B040-no-date", "cannot be read",
        xes(trace("a", event(time="2026-01-01T00:00:00Z"), event(time="2026-02-30T00:00:00Z"))), "log.xes",
    ),
    BadFile("B044-truncated", "cut off", lambda: gzip.compress(log(GOOD), mtime=0)[:-2_000], "log.xes.gz"),
    BadFile("truncated", "ends in the middle, in line", lambda: log(trace("a", event(activity="x")))[:-10], "log.xes"),
    BadFile("no-log", "<html>", text("<html a='b'></html>"), "log.xes"),
]  # fmt: skip

BROKEN = [
    BadFile(
        "B044",
        "times its size",
        bomb,
        "log.xes.gz",
        ("case:concept:name", "concept:name", ""),
    ),
    BadFile("B009-behind", "double quote", behind('2,"A,2026-01-01 08:00\n')),
    BadFile("B010-behind", "row 6002", behind("2,B,2026-01-01 08:00,C\n")),
    BadFile("B018-31/02", "31/02/2026", behind("2,B,31/02/2026\n", row="1,A,01/02/2026\n")),
    BadFile("B018-0000", "0000-00-00", behind("2,B,0000-00-00\n")),
    BadFile("B018-year-10000", "10000-01-01", behind("2,B,10000-01-01\n")),
    BadFile("B018-gap", "2026-03-29 02:30", behind("2,B,2026-03-29 02:30\n")),
    BadFile("B018-serial-60", "“60”", behind("2,B,60\n", row="1,A,46000\n")),
]

REMARKED = [
    BadFile("B003", "", text("\ufeffcase,team\n1,A\n1,B\n")),
    BadFile("B004-le", "", text(CHINESE, "utf-16-le"), columns=("编号", "部门", "时间")),
    BadFile("B004-be", "", text(CHINESE, "utf-16-be"), columns=("编号", "部门", "时间")),
    BadFile("B005-gb18030", "read as gb18030", text(CHINESE, "gb18030"), columns=("编号", "部门", "时间")),
    BadFile("B005-big5", "read as big5", text(TRADITIONAL, "big5"), columns=("編號", "部門", "時間")),
    BadFile("B008", "", text("case,team,note\n1,A," + "x" * 200_000 + "\n1,B,\n")),
    BadFile("B010-semicolon", "", text("case;team\n1;A\n1;B\n")),
    BadFile("B010-tab", "", text("case\tteam\n1\tA\n1\tB\n")),
    BadFile("B010-full-width", "", text("case\uff0cteam\n1\uff0cA\n1\uff0cB\n")),
    BadFile("B011", "", text("case,team\r1,A\r1,B\r")),
    BadFile("B016", "", text("case,team,n\n1,A,1e400\n1,B,1_000\n1,C,nan\n1,D,١٢٣\n1,E,-0\n")),
    BadFile("B017", "", text(f"case,team,n\n1,A,{'9' * 5_000}\n1,B,1\n")),
    BadFile("B021", "invisible characters", text("case,team\n1,ab\u202ecd\n1,Ann\u200ba\n1,\U0001f469\n")),
    BadFile(
        "B039", "no name", xes(trace("a", event(group="A"), event(group="B")), trace(None, event(group="A"))),
        "log.xes",
        ("case:concept:name", "org:group", ""),
    ),
    BadFile(
        "B040-no-zone", "no zone", xes(trace("a", event(group="A", time="2026-07-01T10:00:00"))), "log.xes",
        ("case:concept:name", "org:group", "time:timestamp"),
    ),
    BadFile(
        "B040-decreasing", "earlier than the event before",
        xes(trace("a", *(event(group="A", time=f"2026-01-{day}T00:00:00Z") for day in ("03", "01")))), "log.xes",
        ("case:concept:name", "org:group", "time:timestamp"),
    ),
    BadFile(
        "B040-year-1", "before 1900",
        xes(trace("a", *(event(group="A", time=f"{year}-01-01T00:00:00Z") for year in ("0001", "2026")))), "log.xes",
        ("case:concept:name", "org:group", "time:timestamp"),
    ),
    BadFile(
        "B042", "name of an earlier case", xes(*(trace(name, event(group="A")) for name in "aba")), "log.xes",
        ("case:concept:name", "org:group", ""),
    ),
    BadFile(
        "B043-list", "joined",
        xes(trace("a", f'<event><list key="org:resource"><values>{attribute("r", "Ann")}{attribute("r", "Bo")}'
                  '</values></list></event>', event(resource="Cy"))), "log.xes",
        ("case:concept:name", "org:resource", ""),
    ),
    BadFile(
        "B043-loop", "", xes(trace("a", *(event(group=group) for group in "AABA"))), "log.xes",
        ("case:concept:name", "org:group", ""),
    ),
]  # fmt: skip
