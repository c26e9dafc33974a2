"""Sets about what one department does for another. Own wording; pure Python."""

from __future__ import annotations

from baton.feedback.rules.library.writing import (
    OFTEN,
    Group,
    comment,
    features,
    library_set,
    overall,
    rating,
    ratings,
    section,
)

_RECEIVE = ("service", "What you receive", "您得到的服务")
_WHOLE = ("whole", "All in all", "总体评价")

INTERNAL_CUSTOMER = library_set(
    "internal_customer",
    Group.INTERNAL,
    ("Satisfaction of internal customers", "内部客户满意度"),
    (
        "What departments think of the service that they build on; two minutes.",
        "了解接手工作的部门对所得服务的看法，约两分钟。",
    ),
    section(
        _RECEIVE,
        *ratings(
            (
                ("on_time", "We get {output} at the agreed time.", "{output}按约定的时间送到。"),
                ("complete", "We get {output} complete and in good order.", "{output}数量齐全、质量符合要求。"),
            ),
            OFTEN,
            dimension="reliability",
        ),
        *ratings(
            (
                (
                    "told_early",
                    "If something will be late or missing, {supplier} says so in time.",
                    "如有延误或短缺，{supplier}会及时提前告知。",
                ),
                ("reachable", "We reach somebody at {supplier} when we need to.", "需要时能联系上{supplier}的人。"),
                (
                    "solved_first",
                    "A problem that we report is solved at the first attempt.",
                    "我们反映的问题一次就能解决。",
                ),
            ),
            OFTEN,
            dimension="responsiveness",
        ),
        rating(
            (
                "attitude",
                "People at {supplier} treat us kindly and with respect.",
                "{supplier}的人待人友善、尊重他人。",
            ),
            OFTEN,
            dimension="empathy",
        ),
    ),
    section(
        _WHOLE,
        rating(
            (
                "use_again",
                "Had we the choice, we would go to {supplier} again.",
                "如果可以选择，我们仍会选择{supplier}。",
            ),
            outcome=True,
        ),
        overall(),
        comment(),
    ),
)

INTERNAL_SERVICE = library_set(
    "internal_service",
    Group.INTERNAL,
    ("Quality of internal service", "内部服务质量"),
    (
        "Fifteen items in five dimensions, for a closer look at a department once or twice a year.",
        "五个维度共十五题，用于每年一两次深入了解一个部门的服务。",
    ),
    section(
        ("credibility", "Can it be believed?", "可信"),
        *ratings(
            (
                ("keeps_word", "{supplier} keeps its word.", "{supplier}说到做到。"),
                (
                    "says_openly",
                    "{supplier} says openly what it cannot do.",
                    "{supplier}对办不到的事会坦率说明。",
                ),
                (
                    "owns_mistakes",
                    "{supplier} stands by its mistakes and puts them right.",
                    "{supplier}出了差错会承认并纠正。",
                ),
            ),
            dimension="credibility",
        ),
    ),
    section(
        ("access", "Can it be reached?", "便捷"),
        *ratings(
            (
                (
                    "knows_whom",
                    "We know to whom at {supplier} we turn with what.",
                    "我们清楚什么事该找{supplier}的哪个人。",
                ),
                ("few_forms", "To ask {supplier} for something takes few steps.", "向{supplier}提出需求，手续简便。"),
                ("answer_soon", "We do not wait long for an answer.", "很快就能得到答复。"),
            ),
            dimension="accessibility",
        ),
    ),
    section(
        ("prepared", "Is it prepared?", "准备充分"),
        *ratings(
            (
                ("plans_ahead", "{supplier} plans for our busy times.", "{supplier}会为我们的繁忙时段预先安排。"),
                (
                    "has_means",
                    "{supplier} has the people and the means for its task.",
                    "{supplier}具备完成任务所需的人手和条件。",
                ),
                (
                    "cover",
                    "When somebody is away, somebody else takes over without loss.",
                    "有人不在时，他人接手，工作不受影响。",
                ),
            ),
            dimension="preparedness",
        ),
    ),
    section(
        ("reliable", "Can we rely on it?", "可靠"),
        *ratings(
            (
                ("as_agreed", "We get {output} as agreed.", "{output}符合约定。"),
                ("no_repeat", "The same mistake does not come twice.", "同样的差错不会再次发生。"),
                ("steady", "The service is equally good on every day and shift.", "无论哪一天、哪个班次，服务一样好。"),
            ),
            dimension="reliability",
        ),
    ),
    section(
        ("able", "Does it know its trade?", "专业"),
        *ratings(
            (
                ("knows_trade", "People at {supplier} know their trade.", "{supplier}的人精通业务。"),
                (
                    "sees_ours",
                    "They understand what our work depends on.",
                    "他们了解我们的工作取决于什么。",
                ),
                (
                    "proposes",
                    "They propose how things could go better.",
                    "他们会主动提出改进的办法。",
                ),
            ),
            dimension="competence",
        ),
    ),
    section(_WHOLE, overall(), comment()),
)

CONTROL_OUTPUT = library_set(
    "control_output",
    Group.INTERNAL,
    ("Audit, inspection and review", "审核、检验与审查类产出"),
    (
        "For links whose output is a control. What is asked is how it is done: clarity, speed, even-handedness; whether"
        " the verdict pleased is not.",
        "用于产出为控制类的服务关系。只问做得如何：清楚、及时、公正，不问结论是否合意。",
    ),
    section(
        ("clarity", "Is it clear?", "是否清楚"),
        *ratings(
            (
                ("rules_known", "We know beforehand by which rules is judged.", "我们事先知道按什么规则判定。"),
                (
                    "reasons_given",
                    "A finding says what was found, where, and which rule it is about.",
                    "所提问题写明发现了什么、在哪里、涉及哪条规定。",
                ),
                ("next_step", "It is clear what we have to do next.", "下一步该做什么很清楚。"),
            ),
            dimension="clarity",
        ),
    ),
    section(
        ("speed", "Is it quick?", "是否及时"),
        *ratings(
            (
                ("announced", "We know when the decision will come.", "我们知道何时会有结论。"),
                ("in_time", "It comes in time for our work to go on.", "结论来得及时，不耽误后续工作。"),
                ("questions_soon", "Questions about it are answered soon.", "对结论的疑问能很快得到答复。"),
            ),
            OFTEN,
            dimension="speed",
        ),
    ),
    section(
        ("even_handed", "Is it even-handed?", "是否公正"),
        *ratings(
            (
                (
                    "same_measure",
                    "All departments are measured by the same standard.",
                    "对各部门用同一把尺子衡量。",
                ),
                (
                    "same_by_all",
                    "The same case would be judged alike by everybody at {supplier}.",
                    "同样的情况，{supplier}无论谁来判定，结果都一样。",
                ),
                (
                    "heard",
                    "We are heard before it is decided, and evidence counts.",
                    "作出结论之前会听取我们的说明，并以证据为准。",
                ),
            ),
            dimension="even_handedness",
        ),
    ),
    section(
        _WHOLE,
        overall(
            "Whatever the verdicts were: how satisfied are you with the way in which {supplier} works?",
            "不论结论如何，您对{supplier}的工作方式满意吗？",
        ),
        comment(
            "What would make these reviews clearer, quicker or fairer?", "怎样做可以使这类审查更清楚、更及时、更公正？"
        ),
    ),
)

KANO_SERVICE = library_set(
    "kano_service",
    Group.INTERNAL,
    ("What must be, what counts, what delights", "必备、期望与魅力需求"),
    (
        "How people find a feature when it is there and when it is not tells what they take for granted, what more of"
        " is better and what delights them.",
        "分别问有和没有某项服务时的感受，从而区分哪些是必备的、哪些越多越好、哪些令人惊喜。",
    ),
    section(
        ("features", "Features of the service", "服务的特点"),
        *features(
            ("by_the_hour", "Delivery at a time that was agreed to the hour", "按约定的钟点交付"),
            ("status_shown", "To see at any time how far our request has come", "随时可以看到需求办到哪一步"),
            ("late_warning", "A warning before something is late", "延误之前先告知"),
            ("one_contact", "One person who is in charge of us", "有固定的人负责与我们对接"),
            ("night_service", "Help at night and on weekends", "夜间和周末也能得到帮助"),
            ("ready_to_use", "{output} that can be used at once", "{output}送到时即可使用"),
            (
                "mistakes_mended",
                "Mistakes are put right without paperwork for us",
                "出了差错，不用我们办手续就予以纠正",
            ),
            (
                "own_proposals",
                "{supplier} proposes by itself what could be easier for us",
                "{supplier}主动提出让我们更方便的办法",
            ),
        ),
    ),
    section(_WHOLE, comment("Which feature do you miss in this list?", "您认为这里还缺少哪一项？")),
)
