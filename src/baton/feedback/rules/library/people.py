"""Sets for patients, guests and parents, and for those who work here. Own wording; pure Python."""

from __future__ import annotations

from baton.feedback.rules.library.writing import (
    OFTEN,
    Group,
    chosen,
    comment,
    easy,
    library_set,
    overall,
    rating,
    ratings,
    recommend,
    section,
)
from baton.feedback.rules.published import PULSE
from baton.feedback.rules.questions import Condition, Kind

_WHOLE = ("whole", "All in all", "总体评价")

PATIENT = library_set(
    "patient",
    Group.OUTSIDE,
    ("Patients", "患者"),
    ("A stay or a visit as the patient lived it, in ten questions.", "用十个问题了解患者住院或就诊的感受。"),
    section(
        ("care", "Your stay or visit", "您的住院或就诊"),
        *ratings(
            (
                (
                    "told_why",
                    "I was told in plain words what would be done and why.",
                    "有人用通俗的话告诉我要做什么、为什么做。",
                ),
                (
                    "listened",
                    "I could say what mattered to me, and somebody listened.",
                    "我能说出自己在意的事，有人认真听。",
                ),
                ("one_voice", "Doctors and nurses told me the same.", "医生和护士的说法一致。"),
                ("call_answered", "When I rang, somebody came before long.", "我呼叫后，很快有人来。"),
                ("pain_eased", "When I was in pain, something was done about it.", "我疼痛时，有人设法缓解。"),
                ("privacy", "Care was taken that nobody saw or heard what was not for him.", "注意保护我的隐私。"),
                ("clean", "Room and washroom were clean.", "病房和卫生间干净。"),
            ),
            OFTEN,
            dimension="care",
        ),
        rating(
            (
                "at_home",
                "I know how to go on at home and whom to call if something is wrong.",
                "我知道回家后该怎么做，有问题该找谁。",
            ),
            dimension="care",
        ),
    ),
    section(
        _WHOLE,
        recommend(
            "If somebody dear to you were ill, how likely is it that you would send them here?",
            "如果亲友生病，您有多大可能建议他们来这里？",
        ),
        comment("What did you miss, and what helped you?", "哪些方面让您觉得不足，哪些让您感到温暖？"),
    ),
)

GUEST = library_set(
    "guest",
    Group.OUTSIDE,
    ("Guests", "宾客"),
    ("A stay as the guest lived it, in ten questions.", "用十个问题了解宾客入住的感受。"),
    section(
        ("stay", "Your stay", "您的入住"),
        easy("It was made easy for me to arrive and to get my room.", "到店入住办理得很方便。"),
        *ratings(
            (
                ("booking_right", "The booking was as I had made it.", "预订信息与我所订的一致。"),
                ("room_clean", "The room was clean when I entered it.", "进房时房间干净。"),
                ("all_worked", "Light, water, lock and network worked.", "灯、水、门锁和网络都正常。"),
                ("slept_well", "Nothing disturbed my sleep.", "睡眠没有受到打扰。"),
                ("food", "Food and drink were to my liking.", "餐饮合我口味。"),
                ("wishes_passed", "What I told one of them, the others knew.", "我告诉一个人的事，其他人也知道。"),
                ("kindness", "People here were glad to help.", "这里的人乐于帮助。"),
            ),
            dimension="stay",
        ),
    ),
    section(
        ("recovery", "If something went wrong", "如果出了问题"),
        chosen(
            Kind.CHOICE,
            ("went_wrong", "Did something go wrong?", "是否出过问题？"),
            (
                ("no", "No", "没有"),
                ("mended", "Yes, and it was set right", "有，已解决"),
                ("open", "Yes, and it was not", "有，未解决"),
            ),
        ),
        comment("What was it?", "是什么问题？", "what_wrong", when=Condition("went_wrong", ("mended", "open"))),
    ),
    section(
        _WHOLE,
        recommend("How likely is it that you send your friends here?", "您有多大可能推荐朋友来这里？"),
    ),
)

PARENT = library_set(
    "parent",
    Group.OUTSIDE,
    ("Parents", "家长"),
    ("A school as parents see it, in ten questions.", "用十个问题了解家长对学校的看法。"),
    section(
        ("school", "School and your child", "学校与孩子"),
        *ratings(
            (
                ("likes_to_go", "My child likes to go to school.", "孩子喜欢上学。"),
                ("learns", "My child learns there what it is able to learn.", "孩子在学校学有所得，能发挥自己的能力。"),
                ("seen", "The teachers see what is special in my child.", "老师了解孩子的特点。"),
                ("safe", "I need not worry about safety on the premises.", "孩子在校园里的安全让我放心。"),
                ("meals", "Meals are good and enough.", "饭菜可口，分量足够。"),
            ),
            dimension="child",
        ),
    ),
    section(
        ("contact", "School and you", "学校与家长"),
        *ratings(
            (
                ("hears_in_time", "We hear of dates and changes in time.", "安排和变动能及时通知家长。"),
                (
                    "answer_next_day",
                    "A question is answered by the next school day.",
                    "提出的问题在下一个上课日前得到答复。",
                ),
                ("talks_openly", "One can talk openly about difficulties, too.", "遇到困难也能坦诚沟通。"),
            ),
            OFTEN,
            dimension="contact",
        ),
    ),
    section(
        _WHOLE,
        overall("All in all, how satisfied are you with the school?", "总体而言，您对学校满意吗？"),
        comment("What should the school do differently?", "您希望学校在哪些方面有所改变？"),
    ),
)

EMPLOYEE_NEEDS = library_set(
    "employee_needs",
    Group.STAFF,
    ("Needs of those who serve", "服务者的需要"),
    (
        "What people need to be able to serve well: training and development, rewards and recognition, emotional"
        " support. Ask it about the links from leaders to their staff.",
        "服务者做好服务所需要的：培训与发展、奖励与认可、情感支持。适用于领导对员工的服务关系。",
    ),
    section(
        ("training", "Training and development", "培训与发展"),
        *ratings(
            (
                ("shown_how", "I was shown how my work is done well.", "有人教过我怎样把工作做好。"),
                ("time_to_learn", "There is time in working hours to learn.", "工作时间内有学习的时间。"),
                ("next_step", "I know what I could become here.", "我清楚自己在这里的发展方向。"),
                ("may_decide", "I may decide what has to be decided at my place.", "岗位上该定的事我可以自己定。"),
            ),
            dimension="training",
        ),
    ),
    section(
        ("recognition", "Rewards and recognition", "奖励与认可"),
        *ratings(
            (
                ("good_seen", "Good work is noticed.", "工作做得好会被看到。"),
                ("thanked", "I am thanked, also for what goes without saying.", "即使是分内的事，也有人表示感谢。"),
                ("pay_fair", "Pay and bonus follow rules that I understand.", "工资奖金的规则我能理解。"),
                ("ideas_taken", "When I propose something, I get an answer.", "我提的建议会得到答复。"),
            ),
            dimension="recognition",
        ),
    ),
    section(
        ("support", "Emotional support", "情感支持"),
        *ratings(
            (
                (
                    "backed",
                    "When a customer is unfair to me, somebody stands by me.",
                    "遇到客户无理对待时，有人支持我。",
                ),
                ("can_say", "I can say when it becomes too much.", "工作太多时我可以说出来。"),
                ("someone_listens", "After a hard day somebody listens.", "辛苦一天之后，有人倾听。"),
                ("mistake_safe", "I can admit a mistake without fear.", "出了差错可以如实说，不必害怕。"),
            ),
            dimension="support",
        ),
    ),
    section(
        _WHOLE,
        chosen(
            Kind.RANKING,
            ("first_need", "In which order should {supplier} do something?", "您希望{supplier}按什么顺序改进？"),
            (
                ("training", "Training and development", "培训与发展"),
                ("recognition", "Rewards and recognition", "奖励与认可"),
                ("support", "Emotional support", "情感支持"),
            ),
        ),
        overall("All in all, do you have what you need to serve well?", "总体而言，做好服务所需要的，您都具备吗？"),
        comment("What do you need first of all?", "您目前最需要什么？"),
    ),
)

EMPLOYEE_PULSE = library_set(
    "employee_pulse",
    Group.STAFF,
    ("Employee pulse", "员工脉搏"),
    (
        "How those who work here are, in one minute, often. Ask it about the links from leaders to their staff: results"
        " of a department show it beside what its internal customers say.",
        "一分钟了解员工近况，可经常进行。适用于领导对员工的服务关系：部门结果会把它与内部客户的评价并列显示。",
    ),
    section(
        ("pulse", "How work goes", "工作状况"),
        *ratings(
            (
                ("glad_to_come", "Most days I like coming to work.", "多数日子我愿意来上班。"),
                ("can_do_well", "I have what it takes to do my work well.", "做好工作所需的条件我都具备。"),
                ("of_use", "My work is of use to those who receive it.", "我的工作对接手的人有用。"),
                ("fairly_treated", "I am treated fairly by {supplier}.", "{supplier}对我公平。"),
                ("bearable", "I can bear the load that I have for long.", "目前的工作量我能长期承受。"),
                ("in_a_year", "I would like to be working here in a year.", "一年后我仍愿意在这里工作。"),
            ),
            dimension=PULSE,
        ),
    ),
    section(_WHOLE, comment("What would make your work better first of all?", "最先改进哪一点，您的工作会更顺心？")),
)
