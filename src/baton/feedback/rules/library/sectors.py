"""Sets of seven sectors: departments there rate what they receive, in the words of their trade. Own wording; pure
Python. What is asked about follows what is agreed in each sector (:mod:`baton.starters.sectors`)."""

from __future__ import annotations

from baton.feedback.rules.library.writing import (
    OFTEN,
    THREE,
    Group,
    Item,
    LibrarySet,
    comment,
    library_set,
    overall,
    pairs,
    rating,
    ratings,
    recommend,
    section,
)
from baton.feedback.rules.questions import Condition, Question

_RECEIVE = ("service", "What you receive", "您得到的服务")
_WHOLE = ("whole", "All in all", "总体评价")


def _sector(key: str, name: tuple[str, str], purpose: tuple[str, str], *items: Item) -> LibrarySet:
    questions = ratings(items, OFTEN, dimension="service")
    return library_set(
        key, Group.SECTOR, name, purpose, section(_RECEIVE, *questions), section(_WHOLE, overall(), comment())
    )


FACTORY = _sector(
    "factory",
    ("Factory", "工厂"),
    ("Lines, stores and offices rate what comes from the step before.", "产线、仓库和科室评价上道工序的交付。"),
    ("quantity", "The quantity of {output} is right.", "{output}数量正确。"),
    ("quality", "We can use {output} without sorting and rework.", "{output}不用挑选、返工即可使用。"),
    ("on_time", "It is at the line before we wait for it.", "在我们停工等待之前就已送到。"),
    ("told_early", "A shortage or delay is announced before it stops us.", "缺料或延误会在影响生产之前告知。"),
    ("labelled", "Label, lot and revision are those of the goods.", "标签、批次和版本与实物相符。"),
    ("solved_first", "A fault that we report does not come back.", "我们反映的问题不会再次出现。"),
    (
        "changes_told",
        "Changes of people, machines, material or method are announced.",
        "人、机、料、法的变更会事先通知。",
    ),
    ("easy_contact", "We reach somebody who can act, on every shift.", "每个班次都能联系到能解决问题的人。"),
)
HOSPITAL = _sector(
    "hospital",
    ("Hospital", "医院"),
    ("Wards and doctors rate the departments that support them, every quarter.", "临床科室每季度评价支持部门。"),
    ("on_time", "We get {output} in time for the patient.", "患者需要时，{output}已经到位。"),
    ("correct", "It is correct and complete, without our asking again.", "正确、齐全，不用我们再次询问。"),
    ("urgent", "What is urgent goes first, at night and on weekends too.", "急的先办，夜间和周末也一样。"),
    (
        "safe",
        "Names, labels and handover are such that nobody is mistaken for another.",
        "姓名、标识和交接清楚，不会弄错患者。",
    ),
    ("reachable", "{supplier} can be reached by the ward at any time.", "病区随时能联系上{supplier}。"),
    ("attitude", "We are treated as colleagues.", "以同事相待，态度友善。"),
    ("closed", "A problem is followed until it is closed.", "问题一直跟进到解决为止。"),
    ("use_again", "Had we the choice, we would go to {supplier} again.", "如果可以选择，我们仍会选择{supplier}。"),
)
HOTEL = _sector(
    "hotel",
    ("Hotel and airline service", "酒店与航空服务"),
    ("Departments before and behind the scenes rate each other.", "前台与后台各部门相互评价。"),
    ("quick", "We get {output} before the guest has to ask.", "宾客还没催，{output}就已到位。"),
    ("correct", "It is as the guest ordered it.", "与宾客的要求一致。"),
    ("wishes_passed", "Special wishes and warnings are passed on to us.", "特殊要求和注意事项会转告我们。"),
    ("handover", "At the change of shift nothing is lost.", "交接班时没有遗漏。"),
    ("attitude", "We speak to each other as we speak to guests.", "彼此说话像对宾客一样有礼貌。"),
    ("recovery", "If something fails, {supplier} helps to make it good at once.", "出了差错，{supplier}马上帮助补救。"),
)
LABORATORY = _sector(
    "laboratory",
    ("Testing laboratory", "检测实验室"),
    (
        "Clients and benches rate what they receive from the laboratory's offices.",
        "委托方和检测岗位评价实验室各部门的服务。",
    ),
    ("easy_to_submit", "Samples and requests are easily handed in.", "送样和委托方便。"),
    ("on_time", "We get {output} on the day that was promised.", "{output}在承诺的日期交付。"),
    ("clear", "It can be read without asking what is meant.", "内容清楚，不用再问是什么意思。"),
    ("trusted", "We build on the figures without measuring again.", "数据可信，不用重测。"),
    ("uncertainty", "Deviations and limits of the method are said openly.", "偏离和方法的局限会如实说明。"),
    ("technical_answer", "Technical questions get an expert answer.", "技术问题能得到专业的答复。"),
    ("complaint", "A doubt about a result is looked into at once.", "对结果有疑问，会马上核查。"),
)
IT_PROJECTS = _sector(
    "it_projects",
    ("IT projects", "IT项目组织"),
    ("Teams and business units rate what they get from each other.", "团队与业务部门评价相互交付。"),
    ("understood", "What we need was understood before work began.", "动手之前已弄清我们的需要。"),
    ("kept_promise", "We get {output} in the version and by the date announced.", "{output}按说好的版本和日期交付。"),
    (
        "early_warning",
        "Risks and delays are named while something can still be done.",
        "趁还来得及时就说明风险和延误。",
    ),
    ("works", "What is delivered works in our environment.", "交付物在我们的环境里能正常使用。"),
    ("documented", "It is documented well enough to go on with it.", "文档足够清楚，可以接着往下做。"),
    ("response", "A disturbance is taken up as quickly as it hurts.", "故障按影响程度及时处理。"),
    ("attitude", "Questions are answered without making us feel small.", "提问时得到耐心的答复。"),
)

RETAILER = library_set(
    "retailer",
    Group.SECTOR,
    ("Direct sales and retail", "直销与零售"),
    (
        "Buyers say what they expected and what they got: advice, effect, delivery, and how a complaint was handled.",
        "购买者说明期望与实际：建议、效果、配送以及投诉处理。",
    ),
    section(
        _RECEIVE,
        *pairs(
            "purchase",
            ("honest_advice", "The advice names drawbacks, too.", "建议时也会说明不足之处。"),
            ("suits_me", "What is recommended suits me.", "推荐的产品适合我。"),
            ("effect", "The product does what was said of it.", "产品效果与介绍相符。"),
            ("delivery", "What I order arrives soon and unharmed.", "订购的东西很快送到，完好无损。"),
            ("not_pushed", "I am asked, not pushed.", "尊重我的意愿，不强行推销。"),
        ),
    ),
    section(
        ("complaint", "If you complained", "如果您投诉过"),
        rating(("handled_well", "My complaint was handled quickly and fairly.", "我的投诉得到及时、公正的处理。")),
    ),
    section(
        _WHOLE,
        overall("All in all, how satisfied are you with {supplier}?", "总体而言，您对{supplier}满意吗？"),
        recommend("How likely is it that you tell your friends of {supplier}?", "您有多大可能向朋友推荐{supplier}？"),
        comment(),
    ),
)


def _with_reason(item: Item) -> tuple[Question, Question]:
    key = item[0]
    why = comment("What was wrong?", "哪里不满意？", f"{key}_why", when=Condition(key, ("1",)))
    return rating(item, THREE, dimension="service"), why


_SCHOOL: tuple[Item, ...] = (
    ("kept_dates", "{supplier} keeps dates and deadlines.", "{supplier}遵守日期和期限。"),
    ("correct", "We get {output} correct and complete.", "{output}正确、完整。"),
    ("changes_told", "Changes reach us early enough to teach by them.", "变动通知得早，不影响教学安排。"),
    ("repairs", "What is broken is mended before the next lesson that needs it.", "坏了的东西在下次课用到之前修好。"),
    ("attitude", "Teachers and students are met kindly.", "对师生态度友善。"),
)
SCHOOL = library_set(
    "school",
    Group.SECTOR,
    ("School", "学校"),
    (
        "Teachers, students and offices rate the offices that serve them; who is dissatisfied says why.",
        "师生和各部门评价为其服务的部门；不满意时说明原因。",
    ),
    section(_RECEIVE, *(question for item in _SCHOOL for question in _with_reason(item))),
    section(_WHOLE, overall(), comment()),
)
