"""A sheet as one page: a block for each link that somebody is asked about, then what is asked about none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from baton.core.actors import Actor
from baton.core.errors import Refused, explain
from baton.core.texts import say
from baton.feedback.changes import OF_WAVE
from baton.feedback.pages.asked import Asked, Given, Names, Sheet
from baton.feedback.queries import Slip
from baton.feedback.queries.clause_items import contents_asked
from baton.feedback.rules import About, Contents, Fault, Section

if TYPE_CHECKING:
    from baton.chain.models import Link

_SHEETS = Actor.system("feedback")
CODE, SEND = "code", "send"
RESERVED = frozenset({CODE, SEND, "csrfmiddlewaretoken", "typed_by"})
"""Fields of the form that are no answers."""
Answers = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ShownSection:
    """Questions under one heading."""

    title: str
    intro: str
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Questions about one link, or about none."""

    id: str
    title: str
    note: str
    sections: tuple[ShownSection, ...]
    place: int = 0


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a question, for the summary above the sheet; without ``id`` it stands nowhere on it."""

    id: str
    label: str
    said: str


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """The whole page."""

    blocks: tuple[Block, ...]
    wrong: tuple[Wrong, ...] = ()
    questions: int = field(default=0)


def preview_sheet(contents: Contents, names: Names) -> ShownSheet:
    """The sheet of a questionnaire as it looks about one link, in whose place ``names`` stand."""
    sheet = Sheet(contents, {}, {})
    about = Block("b-link", gettext("About each link"), "", _sections(sheet, About.LINK, "link", names))
    blocks = tuple(one for one in (about, *_about_none(contents, sheet)) if one.sections)
    return ShownSheet(blocks, (), len(list(contents.questions())))


def shown_sheet(slip: Slip, given: Given, faults: Mapping[str, Sequence[Fault]]) -> ShownSheet:
    """The sheet with what stands in its controls (``given``) and what is wrong with it, by the piece."""
    contents = slip.wave.contents
    said = _said(faults)
    blocks = [*_about_links(slip, given, said), *_about_none(contents, Sheet(contents, given, said))]
    blocks = [
        Block(one.id, one.title, one.note, one.sections, place) for place, one in enumerate(blocks, 1) if one.sections
    ]
    questions = [asked for block in blocks for section in block.sections for asked in section.questions]
    return ShownSheet(tuple(blocks), tuple(_wrong(questions, said)), len(questions))


def names_of(link: Link) -> Names:
    """What may be piped into the words of questions about a link."""
    supplier, customer, output = link.supplier.name, link.customer.name, link.output.name
    whole = {
        language: f"{say(supplier, language)} → {say(customer, language)}: {say(output, language)}"
        for language in {*supplier, *customer, *output}
    }
    return {"supplier": supplier, "customer": customer, "output": output, "link": whole}


def answers_in(lists: Iterable[tuple[str, Sequence[Any]]]) -> Answers:
    """What a form holds as answers by piece and question: one value as itself, several of one name as a list."""
    found: Answers = {}
    for name, values in lists:
        if name in RESERVED:
            continue
        value = values[0] if len(values) == 1 else list(values)
        piece, dot, rest = name.partition(".")
        key, inner, part = rest.partition(".") if dot else (name, "", "")
        answers = found.setdefault(piece if dot else OF_WAVE, {})
        held = answers.get(key)
        if inner and (held is None or isinstance(held, dict)):
            answers.setdefault(key, {})[part] = value
        else:
            # The same question in two shapes is an answer in none.
            answers[key] = value if held is None else [held, value]
    return found


def controls_of(pieces: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """The opposite: what stands in the controls where these answers are kept."""
    return {
        name: values
        for piece, answers in pieces.items()
        for key, answer in answers.items()
        for name, values in _controls_of_answer(f"{piece}.{key}", answer)
    }


def _controls_of_answer(name: str, answer: Any) -> Iterator[tuple[str, list[str]]]:
    if isinstance(answer, Mapping):
        yield from ((f"{name}.{part}", [_entered(one)]) for part, one in answer.items())
    elif isinstance(answer, list):
        # Options that were chosen, or all of them in an order: the question reads the one or the other.
        yield name, [str(one) for one in answer]
        yield from ((f"{name}.{one}", [str(place)]) for place, one in enumerate(answer, 1))
    else:
        yield name, [_entered(answer)]


def _entered(answer: Any) -> str:
    return str(int(answer)) if isinstance(answer, float) and answer.is_integer() else str(answer)


def _about_links(slip: Slip, given: Given, said: Mapping[str, Sequence[str]]) -> Iterator[Block]:
    asked = contents_asked(viewer=_SHEETS, slip=slip)
    for wave_link, _band in slip.links:
        link = wave_link.link
        note = gettext("from {supplier} for {customer}").format(
            supplier=say(link.supplier.name), customer=say(link.customer.name)
        )
        sheet = Sheet(asked[wave_link.public_id], given, said)
        sections = _sections(sheet, About.LINK, wave_link.public_id, names_of(link))
        yield Block(f"b-{wave_link.public_id}", say(link.output.name), note, sections)


def _about_none(contents: Contents, sheet: Sheet) -> Iterator[Block]:
    sections = _sections(sheet, About.WAVE, OF_WAVE, {})
    only = not any(contents.questions(About.LINK))
    yield Block("b-wave", "" if only else gettext("All in all"), "", sections)


def _sections(sheet: Sheet, about: About, piece: str, names: Names) -> tuple[ShownSection, ...]:
    sections = (_section(sheet, one, about, piece, names) for one in sheet.contents.sections)
    return tuple(one for one in sections if one.questions)


def _section(sheet: Sheet, section: Section, about: About, piece: str, names: Names) -> ShownSection:
    questions = tuple(sheet.asked(one, piece, names) for one in section.questions if one.about is about)
    return ShownSection(say(section.title), say(section.intro), questions)


def _said(faults: Mapping[str, Sequence[Fault]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for piece, wrong in faults.items():
        for one in wrong:
            found.setdefault(f"{piece}.{one.field}" if one.field else "", []).append(said_fault(one))
    return found


def said_fault(fault: Fault) -> str:
    """A fault in the reader's language."""
    return explain(Refused(expected=fault.expected, found=fault.found, remedy=fault.remedy, **fault.values))


def _wrong(questions: Sequence[Asked], said: Mapping[str, Sequence[str]]) -> Iterator[Wrong]:
    for name, words in said.items():
        asked = next((one for one in questions if name == one.name or name.startswith(f"{one.name}.")), None)
        yield from (Wrong(asked.id if asked else "", asked.words if asked else "", one) for one in words)
