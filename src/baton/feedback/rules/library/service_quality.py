"""Expectation and experience in the five dimensions of service quality (Parasuraman, Zeithaml and Berry 1988). The
dimensions and the number of items in each are theirs, the items are our own. Pure Python."""

from __future__ import annotations

from baton.feedback.rules.library.writing import (
    Group,
    chosen,
    comment,
    library_set,
    overall,
    pairs,
    said,
    section,
)
from baton.feedback.rules.questions import Kind

DIMENSIONS = (
    ("reliability", "Reliability: what was promised is done, and done right", "可靠性：承诺的事做到、做对"),
    ("assurance", "Assurance: they know what they do, and one is in good hands", "保证性：懂业务，让人放心"),
    ("tangibles", "Tangibles: equipment, places and papers are in order", "有形性：设备、场所、单据整齐适用"),
    ("empathy", "Empathy: they know us and think of us", "移情性：了解我们，为我们着想"),
    ("responsiveness", "Responsiveness: they act soon and say how things stand", "响应性：行动迅速，告知进展"),
)

_RELIABILITY = pairs(
    "reliability",
    (
        "at_its_time",
        "What {supplier} announces for a time is there at that time.",
        "{supplier}说什么时候到，就什么时候到。",
    ),
    ("right_first", "We get {output} without mistakes the first time.", "{output}第一次就做对。"),
    ("stays_with_it", "A problem that was taken on is not dropped before it is solved.", "接手的问题不解决不罢手。"),
    ("same_quality", "The service is the same whoever is on duty.", "无论谁当班，服务都一样。"),
    ("lists_right", "Lists, bookings and bills agree with what happened.", "清单、登记和账目与实际相符。"),
)
_ASSURANCE = pairs(
    "assurance",
    ("knows_trade", "The people there know their trade.", "那里的人精通业务。"),
    ("answers_hold", "An answer that one gets there holds.", "在那里得到的答复靠得住。"),
    ("courteous", "One is spoken to politely, under pressure too.", "即使很忙，说话也有礼貌。"),
    ("safe_hands", "What is handed over or confided is in safe hands.", "交付或托付的东西让人放心。"),
)
_TANGIBLES = pairs(
    "tangibles",
    ("fit_means", "Equipment, vehicles and software are fit for the work.", "设备、车辆和软件适合工作需要。"),
    ("places_clean", "Counters, rooms and trolleys are clean and in order.", "窗口、房间和推车干净整齐。"),
    ("known_by_badge", "One can tell by badge or clothing who belongs there.", "从胸牌或着装能认出是那里的人。"),
    ("papers_clear", "Labels, forms and messages are understood at a glance.", "标签、表单和通知一看就明白。"),
)
_EMPATHY = pairs(
    "empathy",
    ("knows_use", "{supplier} knows what we need {output} for.", "{supplier}知道{output}用来做什么。"),
    ("hours_fit", "One reaches somebody at the hours at which we work.", "我们工作的时候能联系上人。"),
    ("knows_case", "There is somebody who knows our case.", "有人熟悉我们的情况。"),
    ("unusual_cases", "For an unusual case a way is sought together with us.", "遇到特殊情况，会和我们一起想办法。"),
    ("our_good", "They think of what helps us, not of their routine alone.", "会考虑什么对我们有利，而不只按惯例办。"),
)
_RESPONSIVENESS = pairs(
    "responsiveness",
    ("says_when", "One is told when one can count on it.", "会告知什么时候能办好。"),
    ("begins_soon", "Soon after a request something happens.", "提出需求后很快就有行动。"),
    ("takes_it_up", "On busy days, too, somebody takes a request up.", "再忙也有人受理需求。"),
    ("tells_changes", "Of changes and delays one hears before noticing them.", "有变化或延误，事先就会得知。"),
)

SERVICE_QUALITY = library_set(
    "service_quality",
    Group.INTERNAL,
    ("Expectation and experience", "期望与感知"),
    (
        "Twenty-two pairs in five dimensions: what a very good service would be like, and what it is like. The"
        " difference shows where to begin.",
        "五个维度二十二对题：非常好的服务应当怎样，实际又怎样。两者之差说明应从哪里着手。",
    ),
    *(
        section(
            (key, english.partition(":")[0], chinese.partition("：")[0]),
            *questions,
            intro=said(
                "Say for each sentence what you expect of a good service, and what you experience.",
                "请就每句话说明您对良好服务的期望和您的实际感受。",
            ),
        )
        for (key, english, chinese), questions in zip(
            DIMENSIONS, (_RELIABILITY, _ASSURANCE, _TANGIBLES, _EMPATHY, _RESPONSIVENESS), strict=True
        )
    ),
    section(
        ("whole", "All in all", "总体评价"),
        chosen(
            Kind.POINTS,
            (
                "weights",
                "How much does each of these count for you? Lay 100 points.",
                "这些方面对您各有多重要？请分配100分。",
            ),
            DIMENSIONS,
        ),
        overall(),
        comment(),
    ),
)
