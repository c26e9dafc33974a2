"""The product's addresses and one that breaks."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from baton.config import urls
from baton.core.guards import public


@public
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken")


urlpatterns = [*urls.urlpatterns, path("broken/", broken)]
handler400 = urls.handler400
handler403 = urls.handler403
handler404 = urls.handler404
handler429 = urls.handler429
handler500 = urls.handler500
