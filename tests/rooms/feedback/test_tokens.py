"""Tokens are told apart from typing errors, and are worth nothing in another wave."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.feedback.rules.sealing import (
    LENGTHS,
    CannotOpen,
    envelope_key,
    new_key,
    opened_sheet,
    opened_under,
    public_key,
    sealed_sheet,
    sealed_under,
)
from baton.feedback.rules.tokens import ALPHABET, LETTERS, digest_of, key_of, new_token, spelled, token_in

letters = st.text(alphabet=ALPHABET, min_size=LETTERS, max_size=LETTERS)
tokens = st.builds(lambda _seed: new_token(), st.integers())


@given(tokens)
def test_what_is_printed_is_read(token: str) -> None:
    assert len(spelled(token)) == 29
    assert token_in(spelled(token)) == token
    assert token_in(f"  {spelled(token).upper()}\n") == token
    assert token_in(token.replace("", " ")) == token


@given(tokens, st.integers(0, LETTERS), st.sampled_from(ALPHABET))
def test_one_wrong_letter_is_noticed(token: str, place: int, letter: str) -> None:
    wrong = token[:place] + letter + token[place + 1 :]
    assert (token_in(wrong) is None) is (wrong != token)


@given(tokens, st.integers(0, LETTERS - 2))
def test_letters_that_changed_places_are_noticed(token: str, place: int) -> None:
    swapped = token[:place] + token[place + 1] + token[place] + token[place + 2 :]
    assert (token_in(swapped) is None) is (swapped != token)


@pytest.mark.parametrize("typed", ["", "-", "abc", "0" * 25, "b" * 24, "b" * 26, "b" * 10**6, "ｂ" * 25, "\0"])
def test_what_is_no_token_is_none(typed: str) -> None:
    assert token_in(typed) is None


@given(tokens)
def test_another_wave_knows_nothing_of_it(token: str) -> None:
    assert digest_of(token, "one") != digest_of(token, "two")
    assert key_of(token, "one") != key_of(token, "two")
    assert token not in digest_of(token, "one")


def test_five_thousand_tokens_are_all_different() -> None:
    assert len({new_token() for _ in range(5_000)}) == 5_000


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=400), max_size=12))
def test_sheet_opens_with_its_key_alone_and_says_nothing_by_its_length(sheet: dict[str, str]) -> None:
    private = new_key()
    seal = sealed_sheet(sheet, public_key(private))
    assert opened_sheet(seal, private) == sheet
    assert len(seal) - 48 in LENGTHS
    with pytest.raises(CannotOpen):
        opened_sheet(seal, new_key())


def test_one_changed_bit_does_not_open() -> None:
    key = envelope_key()
    seal = bytearray(sealed_under({"a": 1}, key))
    assert opened_under(bytes(seal), key) == {"a": 1}
    seal[40] ^= 1
    with pytest.raises(CannotOpen):
        opened_under(bytes(seal), key)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="bytes are more than"):
        sealed_sheet("x" * LENGTHS[-1], public_key(new_key()))
