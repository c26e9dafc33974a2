"""Sets for customers outside: loyalty with the six switching costs, the service brand. Own wording; pure Python.

The six kinds of switching costs are those of Jones, Mothersbaugh and Beatty (2002); each is asked in two directions:
what it cost to come to the supplier, and what it would cost to leave it.
"""

from __future__ import annotations

from baton.feedback.rules.library.writing import (
    Group,
    chosen,
    comment,
    library_set,
    overall,
    rating,
    ratings,
    recommend,
    section,
)
from baton.feedback.rules.questions import About, Kind

SWITCHING_COSTS = (
    ("lost_performance", "Lost performance", "失去履行"),
    ("uncertainty", "Uncertainty", "不确定性"),
    ("search", "Search beforehand", "事前搜索"),
    ("evaluation", "Evaluation afterwards", "事后评估"),
    ("setup", "Set-up", "建立"),
    ("sunk", "Sunk costs", "沉没"),
)
"""The six kinds; the keys of the questions are these with ``in_`` (to come) or ``out_`` (to leave) before them."""

_COMING = ratings(
    (
        (
            "in_lost_performance",
            "By coming to {supplier} we gave up advantages that we had elsewhere.",
            "选择{supplier}，我们放弃了在别处已有的优惠。",
        ),
        ("in_uncertainty", "Before we came it was hard to tell how it would turn out.", "选择之前很难判断结果会怎样。"),
        (
            "in_search",
            "To find {supplier} and to compare it took us much effort.",
            "找到并比较{supplier}费了很多功夫。",
        ),
        (
            "in_evaluation",
            "At first we had to learn much anew and to see whether it works.",
            "刚开始时要重新学习很多，还要看效果如何。",
        ),
        ("in_setup", "To explain at the beginning what we need was laborious.", "一开始说明我们的需要很费力。"),
        ("in_sunk", "What we had put into the one before was lost to us.", "以前在别家投入的都白费了。"),
    ),
    dimension="switching_in",
)
_LEAVING = ratings(
    (
        (
            "out_lost_performance",
            "If we went away, we would lose advantages that we have earned here.",
            "如果离开，会失去在这里积累的优惠。",
        ),
        (
            "out_uncertainty",
            "Whether another one would serve us as well, nobody could tell beforehand.",
            "换一家是否同样好，事先谁也说不准。",
        ),
        ("out_search", "To find out who else could do it would take us long.", "了解还有谁能做，要花很长时间。"),
        (
            "out_evaluation",
            "After a change we would be busy for long seeing whether it was right.",
            "换了之后，要很久才能判断换得对不对。",
        ),
        (
            "out_setup",
            "To tell another one how we work and what we need would be a great effort.",
            "向另一家说明我们的做法和需要，要费很大力气。",
        ),
        (
            "out_sunk",
            "Time and money that we have put into working with {supplier} would be lost.",
            "与{supplier}合作投入的时间和金钱会白费。",
        ),
    ),
    dimension="switching_out",
)

LOYALTY = library_set(
    "loyalty",
    Group.OUTSIDE,
    ("Loyalty and what it costs to change", "忠诚与转移成本"),
    (
        "Why customers stay: content, trust, worth, and the six switching costs in both directions.",
        "客户为何留下：满意、信任、值得，以及两个方向的六类转移成本。",
    ),
    section(
        ("why_stay", "What speaks for staying", "留下的理由"),
        overall(),
        *ratings(
            (
                ("trust", "We trust {supplier}.", "我们信任{supplier}。"),
                ("worth", "What we get is worth what it costs us.", "得到的服务物有所值。"),
                ("known_there", "We are known there, and that is pleasant.", "那里的人认识我们，相处愉快。"),
                ("set_right", "When something went wrong, it was set right well.", "出了问题能妥善解决。"),
                ("no_better", "We know of nobody who would do it better.", "我们没见过做得更好的。"),
            ),
            dimension="loyalty",
        ),
    ),
    section(("coming", "What it cost to come", "来时的代价"), *_COMING),
    section(("leaving", "What it would cost to leave", "离开的代价"), *_LEAVING),
    section(
        ("future", "What will be", "今后的打算"),
        rating(
            ("stays", "A year from now we will still be customers here.", "一年后我们仍会是这里的客户。"), outcome=True
        ),
        recommend("How likely is it that you tell others to go to {supplier}?", "您有多大可能向他人推荐{supplier}？"),
        comment("What would be the first reason for you to leave?", "什么原因最可能让您离开？"),
    ),
)

SERVICE_BRAND = library_set(
    "service_brand",
    Group.OUTSIDE,
    ("Service brand", "服务品牌"),
    (
        "Who comes to mind unprompted, what a name makes people think of, whether its promise holds everywhere.",
        "不经提示会想到谁，由名称联想到什么，承诺是否处处一致。",
    ),
    section(
        ("recall", "Who comes to mind", "首先想到谁"),
        comment(
            "If you need a service of this kind, of whom do you think first?",
            "需要这类服务时，您首先想到哪一家？",
            "recall",
            about=About.WAVE,
        ),
        comment("And of whom after that?", "其次会想到哪些？", "recall_next", about=About.WAVE),
    ),
    section(
        ("association", "What you connect with it", "您的联想"),
        comment(
            "Which three words come to mind when you hear the name {supplier}?",
            "提到{supplier}，您会想到哪三个词？",
            "three_words",
        ),
        chosen(
            Kind.CHOICES,
            ("fits", "What of this fits {supplier}?", "以下哪些符合{supplier}？"),
            (
                ("reliable", "reliable", "可靠"),
                ("quick", "quick", "迅速"),
                ("friendly", "friendly", "友善"),
                ("expert", "expert", "专业"),
                ("inventive", "inventive", "有创意"),
                ("dear", "dear", "昂贵"),
                ("slow", "slow", "缓慢"),
                ("bureaucratic", "bureaucratic", "手续繁琐"),
                ("hard_to_reach", "hard to reach", "难以联系"),
            ),
        ),
    ),
    section(
        ("promise", "Whether the promise holds", "承诺是否兑现"),
        *ratings(
            (
                ("as_advertised", "It is as {supplier} says of itself.", "实际情况与{supplier}的宣传一致。"),
                (
                    "same_everywhere",
                    "Counter, telephone and internet promise the same.",
                    "窗口、电话和网上的承诺一致。",
                ),
                ("same_over_time", "It is as good today as when we first came.", "现在与我们初次接触时一样好。"),
                (
                    "stands_out",
                    "The service differs for the better from that of others.",
                    "服务比别家更好，有自己的特色。",
                ),
            ),
            dimension="brand",
        ),
        recommend("How likely is it that you tell others to go to {supplier}?", "您有多大可能向他人推荐{supplier}？"),
    ),
)
