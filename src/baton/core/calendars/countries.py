"""Public holidays of a country, and the make-up days that go with them where it has such (China): by the notices that
are at hand, of other years from the package ``holidays``, which keeps them by law.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from baton.core.calendars.days import FIRST_YEAR, LAST_YEAR, DaysRead, SpecialDay, note_of, open_weekdays
from baton.core.calendars.notices import noticed_days
from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop

MOST_YEARS = 10

COUNTRIES: Mapping[str, tuple[str, str]] = {
    "CN": ("China", "中国"), "HK": ("Hong Kong", "中国香港"), "MO": ("Macau", "中国澳门"), "TW": ("Taiwan", "中国台湾"),
    "AE": ("United Arab Emirates", "阿联酋"), "AR": ("Argentina", "阿根廷"), "AT": ("Austria", "奥地利"),
    "AU": ("Australia", "澳大利亚"), "BE": ("Belgium", "比利时"), "BR": ("Brazil", "巴西"), "CA": ("Canada", "加拿大"),
    "CH": ("Switzerland", "瑞士"), "CL": ("Chile", "智利"), "CZ": ("Czechia", "捷克"), "DE": ("Germany", "德国"),
    "DK": ("Denmark", "丹麦"), "EG": ("Egypt", "埃及"), "ES": ("Spain", "西班牙"), "FI": ("Finland", "芬兰"),
    "FR": ("France", "法国"), "GB": ("United Kingdom", "英国"), "GR": ("Greece", "希腊"), "HU": ("Hungary", "匈牙利"),
    "ID": ("Indonesia", "印度尼西亚"), "IE": ("Ireland", "爱尔兰"), "IL": ("Israel", "以色列"), "IN": ("India", "印度"),
    "IT": ("Italy", "意大利"), "JP": ("Japan", "日本"), "KR": ("South Korea", "韩国"), "MX": ("Mexico", "墨西哥"),
    "MY": ("Malaysia", "马来西亚"), "NL": ("Netherlands", "荷兰"), "NO": ("Norway", "挪威"),
    "NZ": ("New Zealand", "新西兰"), "PH": ("Philippines", "菲律宾"), "PL": ("Poland", "波兰"),
    "PT": ("Portugal", "葡萄牙"), "RO": ("Romania", "罗马尼亚"), "RU": ("Russia", "俄罗斯"),
    "SA": ("Saudi Arabia", "沙特阿拉伯"), "SE": ("Sweden", "瑞典"), "SG": ("Singapore", "新加坡"),
    "TH": ("Thailand", "泰国"), "TR": ("Türkiye", "土耳其"), "UA": ("Ukraine", "乌克兰"),
    "US": ("United States", "美国"), "VN": ("Vietnam", "越南"), "ZA": ("South Africa", "南非"),
}  # fmt: skip
"""Countries that are offered, by their code (ISO 3166-1), with their names in English and Chinese."""


def country_name(code: str, language: str) -> str:
    """What the country is called."""
    english, chinese = COUNTRIES[code]
    return chinese if language.startswith("zh") else english


def country_days(
    country: str, subdivision: str, first: int, last: int, week: Mapping[str, Sequence[object]], language: str
) -> DaysRead:
    """Public holidays and make-up days of the years ``first`` to ``last``; the names are in ``language`` where the
    package has them, else in English or the country's own.

    Raises
    ------
    Refused
        Beside ``country``, ``subdivision`` or ``last``: what is not known, or no holidays in these years.
    """
    import holidays

    _demand_known(country, subdivision, first, last)
    like, years = open_weekdays(week)[0], range(first, last + 1)
    noticed = {year: noticed_days(country, year, like, language) for year in years}
    found = holidays.country_holidays(
        country, subdiv=subdivision or None, years=[year for year in years if noticed[year] is None], expand=False,
        language=_language(country, language),
    )  # fmt: skip
    days = [SpecialDay(day, note=note_of(name)) for day, name in found.items()]
    free = {one.day for one in days}
    days += [SpecialDay(day, like) for day in found.weekend_workdays if day.year in found.years and day not in free]
    days += [one for told in noticed.values() for one in told or ()]
    if not days:
        raise Refused(
            field="country",
            expected=gettext_noop("Expected years for which public holidays are known."),
            found=gettext_noop("None are known for {first} to {last}."),
            remedy=gettext_noop("Paste the days instead."),
            first=first, last=last,
        )  # fmt: skip
    return DaysRead(tuple(sorted(days)))


def _demand_known(country: str, subdivision: str, first: int, last: int) -> None:
    """Refuse a country that is not offered, years that cannot be meant, and a part that the country does not have."""
    import holidays

    if country not in COUNTRIES:
        raise Refused(
            field="country",
            expected=gettext_noop("Expected one of the countries that are offered."),
            found=gettext_noop("Found “{name}”."),
            remedy=gettext_noop("Choose one of them, or paste the days."),
            name=country[:20],
        )
    if not FIRST_YEAR <= first <= last <= LAST_YEAR or last - first >= MOST_YEARS:
        raise Refused(
            field="last",
            expected=gettext_noop("Expected a last year that is not before the first, and at most {most} years."),
            found=gettext_noop("Found {first} to {last}."),
            remedy=gettext_noop("Correct the years."),
            most=MOST_YEARS, first=first, last=last,
        )  # fmt: skip
    known = holidays.list_supported_countries(include_aliases=False).get(country, [])
    if subdivision and subdivision not in known:
        raise Refused(
            field="subdivision",
            expected=gettext_noop("Expected a part of the country, one of: {known}."),
            found=gettext_noop("Found “{name}”."),
            remedy=gettext_noop("Write its code, or leave it empty for what holds in the whole country."),
            known=", ".join(known) or "–", name=subdivision[:20],
        )  # fmt: skip


def _language(country: str, language: str) -> str | None:
    """The package's name of the reader's language for this country, else of English; None: its own."""
    import holidays

    spoken = holidays.list_localized_countries(include_aliases=False).get(country, [])
    wanted = ("zh_CN", "zh_HK", "zh_TW") if language.startswith("zh") else ()
    return next((code for code in (*wanted, "en_US", "en_GB", "en") if code in spoken), None)
