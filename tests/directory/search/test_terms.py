"""A search text as terms, and the other ways to space it."""

from __future__ import annotations

import pytest

from bot import limits
from bot.directory.search import terms
from bot.directory.search.terms import Term


def words(interpretation: terms.Interpretation) -> list[str]:
    """Return the words of an interpretation."""
    return [term.word for term in interpretation]


def test_parse_returns_normalized_words_in_order():
    """Case and accents are gone, and the respelling is kept beside the word."""
    first, second = terms.parse("  Jürgen, MÜLLER ")
    assert (first.word, second.word) == ("jurgen", "muller")
    assert second.spellings == ("muller", "mueller")


def test_parse_of_long_text_is_cut():
    """A pasted text costs no more than a long name."""
    assert len(terms.parse("word " * 1000)) == limits.MAX_SEARCH_TERMS
    assert len(terms.parse("x" * 1000)[0].word) <= limits.MAX_WORD_CHARS
    assert terms.parse(" .,;") == ()


@pytest.mark.parametrize(
    ("word", "reversed_digits", "is_initial"),
    [("0100", "0010", False), ("100", "001", False), ("01", "", False), ("a1", "", False),
     ("j", "", True), ("1", "", False), ("jo", "", False)],
)  # fmt: skip
def test_term_knows_whether_it_can_be_ending_or_initial(word, reversed_digits, is_initial):
    """Three digits can be the ending of a number, one letter can begin a name."""
    term = Term(word)
    assert (term.reversed_digits, term.is_initial) == (reversed_digits, is_initial)


def test_cjk_character_is_no_initial():
    """One Chinese character is a surname, not the first letter of one."""
    (term,) = terms.parse("田")
    assert term.is_cjk
    assert not term.is_initial


def test_with_alternatives_keeps_known_qualities_and_leaves_out_own_spellings():
    """A nickname found first keeps its quality, and a word is no alternative of itself."""
    term = Term("muller", "mueller").with_alternatives({"miller": 0.7})
    again = term.with_alternatives({"miller": 0.5, "mueller": 0.5, "moller": 0.4})
    assert again.alternatives == {"miller": 0.7, "moller": 0.4}


def test_joined_yields_each_pair_of_neighbors_as_whole_word():
    """*dela cruz* can be written as one word; a CJK word is never joined."""
    found = [words(each) for each in terms.joined(terms.parse("ana dela cruz"))]
    assert found == [["anadela", "cruz"], ["ana", "delacruz"]]
    assert all(
        any(term.whole_word for term in each) for each in terms.joined(terms.parse("dela cruz"))
    )
    assert [*terms.joined(terms.parse("田中 tanaka"))] == []


def test_split_yields_each_cut_of_letters_and_one_cut_of_codes():
    """Letters are cut with two on each side, a code only where letters meet digits."""
    assert [words(each) for each in terms.split(terms.parse("johns"))] == [
        ["jo", "hns"],
        ["joh", "ns"],
    ]
    assert [words(each) for each in terms.split(terms.parse("room21b"))] == [["room", "21b"]]
    assert [*terms.split(terms.parse("joe 42"))] == []


def test_initials_yields_two_letter_words_as_two_initials():
    """*sl smith* can be S. L. Smith."""
    found = [words(each) for each in terms.initials(terms.parse("sl smith 42"))]
    assert found == [["s", "l", "smith", "42"]]
