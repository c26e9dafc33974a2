"""Words of the interface as the organisation calls them: list, rename."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from baton.core import changes, policy, queries
from baton.core.api.door import ANY_SCOPE, ApiRequest
from baton.core.api.endpoints import made, reads, writes
from baton.core.api.schemas import Language, Sent, Shown
from baton.core.errors import NotFound, Refused
from baton.core.models import RenamedWord
from baton.core.words import DEFAULTS, FORM_LENGTH, WORDS, Forms, Key
from baton_analysis.errors import gettext_noop

router = Router()

WRITE = "words:write"

Word = Annotated[str, StringConstraints(pattern=f"^({'|'.join(WORDS)})$"), Field(examples=["link"])]
Form = Annotated[str, StringConstraints(max_length=FORM_LENGTH, pattern=r"^[^\x00]*$")]


class WordShown(Shown):
    """A word of the interface in one language."""

    word: str = Field(description="Which word.", examples=["link"])
    language: str = Field(examples=["en"])
    singular: str = Field(description="What it is called here.", examples=["agreement"])
    plural: str = Field(description="Several of them; empty where the language has no plural.", examples=["agreements"])
    usual_singular: str = Field(description="What it is called where nobody renames it.", examples=["link"])
    usual_plural: str = Field(examples=["links"])


class WordsShown(Shown):
    """All words that can be renamed."""

    rows: list[WordShown]


class WordSent(Sent):
    """What a word is called from now on."""

    singular: Form = Field(description="Empty: as usual.", examples=["agreement"])
    plural: Form = Field(default="", description="Empty: as the singular.", examples=["agreements"])


def word_shown(key: Key, said: Forms) -> WordShown:
    usual = DEFAULTS[key]
    now = said if said.singular else usual
    plural = now.plural or now.singular if usual.plural else ""
    return WordShown(
        word=key[0], language=key[1], singular=now.singular, plural=plural,
        usual_singular=usual.singular, usual_plural=usual.plural,
    )  # fmt: skip


@reads(
    router, "", scope=ANY_SCOPE, may=policy.is_signed_in, response=WordsShown,
    summary=gettext_noop("List the words of the interface"),
    description=gettext_noop("What the organisation calls links, parties and the like, in each language."),
)  # fmt: skip
def list_words(request: ApiRequest) -> Any:
    renamed = queries.renamed_words()
    return WordsShown(rows=[word_shown(key, renamed.get(key, Forms(""))) for key in DEFAULTS])


@writes(
    router, "PATCH", "/{slug:word}/{slug:language}", scope=WRITE, may=policy.may_rename_words, response=WordShown,
    summary=gettext_noop("Rename a word of the interface"),
    description=gettext_noop("Every page uses it at once. For administrators."),
    example={"singular": "agreement", "plural": "agreements"},
)  # fmt: skip
def rename_word(request: ApiRequest, word: Word, language: Language, sent: WordSent) -> HttpResponse:
    key, by, at = (word, language), request.actor, request.now
    if key not in DEFAULTS:
        raise NotFound
    return made(
        request, show=lambda row: word_shown(key, Forms(row.singular, row.plural)), see=lambda _public_id: None,
        write=lambda: _renamed(key, Forms(sent.singular, sent.plural), by=by, at=at), status=200,
    )  # fmt: skip


def _renamed(key: Key, said: Forms, **who: Any) -> RenamedWord:
    """The row of the word, which has one as soon as it was called otherwise once."""
    if said.plural and not DEFAULTS[key].plural:
        raise Refused(
            field="plural",
            expected=gettext_noop("Expected no plural: this language has none."),
            found=gettext_noop("Found “{form}”."),
            remedy=gettext_noop("Leave it out."),
            form=said.plural,
        )
    try:
        changes.rename_words(forms={key: said}, **who)
    except Refused as refused:  # the page names its inputs by word and language
        refused.field = refused.field.rpartition("-")[2]
        raise
    row = RenamedWord.objects.filter(word=key[0], language=key[1]).first()
    if row is None:
        raise Refused(
            field="singular",
            expected=gettext_noop("Expected another word than the usual one."),
            found=gettext_noop("It is called so already."),
            remedy=gettext_noop("Nothing has to be done."),
        )
    return row
