"""Addresses of the feedback."""

from django.conf import settings
from django.urls import URLPattern, path, register_converter

from baton.feedback.views import mine, sheets


class LanguageConverter:
    """A language of the interface in an address."""

    regex = "|".join(code for code, _name in settings.LANGUAGES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LanguageConverter, "language")

app_name = "surveys"

urlpatterns: list[URLPattern] = [
    # answering by name
    path("mine/", mine.mine, name="mine"),
    path("mine/<slug:public_id>/", mine.named, name="named"),
    path("<slug:public_id>/paper/", mine.paper, name="paper"),
]

# Short, because it stands on letters and cards. Nothing under it may say who asks: settings.UNTRACED_PATHS.
sheet_patterns: list[URLPattern] = [
    path("sheet.js", sheets.script, name="script"),
    path("<slug:wave>/", sheets.sheet, name="first"),
    path("<slug:wave>/kiosk/", sheets.sheet, {"kiosk": True}, name="kiosk"),
    path("<slug:wave>/thanks/", sheets.thanks, name="thanks"),
    path("<slug:wave>/<language:language>/", sheets.sheet, name="first"),
    path("<slug:wave>/<language:language>/kiosk/", sheets.sheet, {"kiosk": True}, name="kiosk"),
    path("<slug:wave>/<language:language>/thanks/", sheets.thanks, name="thanks"),
]
