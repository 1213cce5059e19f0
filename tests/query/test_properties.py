"""What holds for any text whatsoever."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.limits import MAX_QUERY_CHARS
from bot.query import parse
from bot.query.model import Number, Query, Several

# Text made of what the grammar knows gets further into it than text of any characters.
PIECES = [
    *("789", "1001", "007", "14155550100", "+1", "(415)", "555-0100", "x789", "ext", "#", "no."),
    *("who", "is", "whose", "what's", "the", "extension", "of", "find", "please", "hey", "my"),
    *("me", "list", "page", "2", "0", "location", "location:", "dnd:on", "tag:", '"', "'", ":"),
    *(
        "unassigned",
        "share",
        "refresh",
        "export",
        "status",
        "help",
        "audit",
        "changes",
        "page 2",
        "dnd",
        "locations",
        "lst",
        "shrae",
    ),
    *("john", "Smith", "smith,", "and", "&", ",", ";", "\n", "john@example.com", "@ann", "@"),
    *("<@U1>", "<tel:+14155550100|+1 415>", "<mailto:a@b.c>", "&lt;", "&amp;", "<", ">", "|"),
    *("田中", "José", "👋", ":wave:", "*", "_", "`", "\u200f", "\u0301", "٧", "７", "-", "/", "'s"),
]
sentences = st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join)
run_together = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)
texts = st.text() | sentences | run_together
regions = st.sampled_from(["US", "GB", "DE", "IN", "ZZ", ""])

digits = st.text("0123456789", min_size=1, max_size=11)
INVISIBLE = st.text("\u200b\u200e\u200f\u202a\u202c\u2066\u2069\u2060\ufeff\u00ad", max_size=2)
FULL_WIDTH = str.maketrans("0123456789+()-", "０１２３４５６７８９＋（）－")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
numbers = (
    digits
    | digits.map(lambda number: f"+1{number}")
    | st.builds("({}) {}-{}".format, *[st.integers(100, 999)] * 2, st.integers(1000, 9999))
    | st.builds("{} {} {}".format, *[st.integers(100, 999)] * 2, st.integers(1000, 9999))
)


def outcome(text, region="US"):
    """The query in a text, or the error about it."""
    try:
        return parse(text, region=region)
    except QueryError as error:
        return error


@settings(max_examples=600)
@given(text=texts, region=regions)
@example(text="\ud800", region="US")
@example(text="<@U1", region="US")
@example(text='location "', region="US")
@example(text="share " * 50, region="US")
@example(text="(1 " * 100, region="US")
@example(text=":a" * 150, region="US")
def test_any_text_is_a_query_or_a_query_error(text, region):
    """Parsing raises nothing but QueryError, and its spot lies within its text."""
    match outcome(text, region):
        case QueryError() as error:
            assert 0 <= error.start < error.end <= len(error.text) <= MAX_QUERY_CHARS
            assert (
                error.text[error.start : error.end].strip() == error.text[error.start : error.end]
            )
            parse(error.example)
        case query:
            assert isinstance(query, Query)


@settings(max_examples=200)
@given(text=sentences)
def test_several_has_two_to_ten_different_items(text):
    """Several items are at least two and at most ten, without duplicates."""
    query = outcome(text)
    if isinstance(query, Several):
        assert 2 <= len(query.items) <= 10
        assert len(set(query.items)) == len(query.items)


@settings(max_examples=100)
@given(number=st.from_regex(r"[0-9]{1,6}", fullmatch=True))
def test_any_six_digits_are_an_extension(number):
    """Up to six digits are never taken for anything but an extension."""
    assert parse(number) == Number(number, number)


@settings(max_examples=100)
@given(
    number=numbers,
    ending=st.text(".,;:!? ", max_size=3),
    script=st.sampled_from([FULL_WIDTH, ARABIC, {}]),
)
def test_digits_of_other_scripts_change_nothing(number, ending, script):
    """Digits of other scripts, and punctuation at the end, change nothing."""
    assert parse(number.translate(script) + ending) == parse(number)


@settings(max_examples=100)
@given(number=numbers)
def test_telephone_markup_changes_nothing(number):
    """A number is the same within Slack's markup, as its label or as its target."""
    assert parse(f"<tel:{number}|{number}>") == parse(number)
    assert parse(f"<tel:+1999|{number}>") == parse(number)
    assert parse(f"<tel:{number}>") == parse(number)


@settings(max_examples=100)
@given(data=st.data(), number=numbers)
def test_invisible_marks_change_nothing(data, number):
    """Invisible marks change nothing, wherever they stand."""
    marked = "".join(char + data.draw(INVISIBLE) for char in number)
    assert parse(data.draw(INVISIBLE) + marked) == parse(number)


@settings(max_examples=100)
@given(number=numbers, question=st.sampled_from(["who {}", "who is {}?", "Whose number is {} ?"]))
def test_question_around_number_changes_nothing(number, question):
    """A number asked for in a sentence is the number."""
    assert parse(question.format(number)) == parse(number)
