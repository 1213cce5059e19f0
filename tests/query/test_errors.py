"""Text that cannot be read: the spot, the reason, and an example that works."""

from __future__ import annotations

import pytest

from bot.errors import QueryError
from bot.query import parse, problems
from bot.query.filters import NAMES
from bot.query.model import Filters, List
from bot.query.problems import Problem

ELEVEN = "789 790 791 792 793 794 795 796 797 798"

# The spot stands between brackets: it is taken out before reading.
CASES = [
    # nothing to look up
    ("[!!!]", problems.NOTHING_TO_READ),
    ("[...]", problems.NOTHING_TO_READ),
    ("[--]", problems.NOTHING_TO_READ),
    ("[👋]", problems.NOTHING_TO_READ),
    ("[:wave:]", problems.NOTHING_TO_READ),
    ("[:wave::skin-tone-2: 🎉]", problems.NOTHING_TO_READ),
    ("[***]", problems.NOTHING_TO_READ),
    ("[@]", problems.NOTHING_TO_READ),
    ("[and]", problems.NOTHING_TO_READ),
    ("who is [+]?", problems.NOTHING_TO_READ),
    ("['s extension]", problems.NOTHING_TO_READ),
    ("[$100]", problems.NOT_A_NUMBER),
    ("[100%]", problems.NOT_A_NUMBER),
    ("789, [$5], 790", problems.NOT_A_NUMBER),
    ("[who]", problems.NOBODY_NAMED),
    ("[who is]?", problems.NOBODY_NAMED),
    ("[whose number is]", problems.NOBODY_NAMED),
    ("please [find]", problems.NOBODY_NAMED),
    # too much
    (ELEVEN + " [799]", problems.TOO_MANY),
    (ELEVEN.replace(" ", ", ") + ", [ext 799] and 800", problems.TOO_MANY),
    ("[1234567890123456]", problems.LONG_NUMBER),
    ("789, [+1234567890123456]", problems.LONG_NUMBER),
    ("who is [12345678901234567890]?", problems.LONG_NUMBER),
    # emails
    ("[john@]", problems.NOT_AN_EMAIL),
    ("who is [john@example]?", problems.NOT_AN_EMAIL),
    ("789, [john@@example.com]", problems.NOT_AN_EMAIL),
    ("[john@example..com]", problems.NOT_AN_EMAIL),
    # pages
    ("list page [zero]", problems.NOT_A_PAGE),
    ("list page [two]", problems.NOT_A_PAGE),
    ("list page [0]", problems.NOT_A_PAGE),
    ("list page [-1]", problems.NOT_A_PAGE),
    ("list [-1]", problems.NOT_A_PAGE),
    ("list page [100000000]", problems.NOT_A_PAGE),
    ("list [100000000]", problems.NOT_A_PAGE),
    ("list page [1.5]", problems.NOT_A_PAGE),
    ("list [page]", problems.NOT_A_PAGE),
    ("list [page], dnd:on", problems.NOT_A_PAGE),
    ("list page:[x]", problems.NOT_A_PAGE),
    ("page [0]", problems.NOT_A_PAGE),
    ("location 145214 page [0]", problems.NOT_A_PAGE),
    ("list page 2 [page 3]", problems.PAGE_TWICE),
    ("list 2 [3]", problems.PAGE_TWICE),
    # filters
    ("list [location:]", "needs a value"),
    ("List [Location:]", "needs a value"),
    ("list [email:]", "needs a value"),
    ("list [login:]", "needs a value"),
    ("list [phone:]", "needs a value"),
    ("list [tag:]", "needs a value"),
    ("list [dnd:]", "needs a value"),
    ("list [voicemail:]", "needs a value"),
    ("list [dnd :]", "needs a value"),
    ("[location:]", "needs a value"),
    ("[dnd:]", "needs a value"),
    ("list page 2 [tag:]", "needs a value"),
    ("list dnd:on [tag:]", "needs a value"),
    ("location Holmdel HQ [dnd:]", "needs a value"),
    ("location [dnd:]", problems.WHICH_LOCATION),
    ("export [tag:]", "needs a value"),
    ("share list [tag:]", "needs a value"),
    ("list [user]:", "“login:”"),
    ("list [smith]:", "After “list”"),
    ("list [page]:", problems.NOT_A_PAGE),
    ("list [name]:smith", "no such filter"),
    ("list [after]:x", "no such filter"),
    ("list [loc]:1", "“location:”"),
    ("list [loca]:1", "“location:”"),
    ("list [mail]:john@example.com", "“email:”"),
    ("list page 2 [vm]:on", "“voicemail:”"),
    ("list [user]:jsmith", "“login:”"),
    ("list [tags]:Sales", "“tag:”"),
    ("list [tel]:14155550100", "“phone:”"),
    ("list [unasigned]", "“unassigned”"),
    ("list [locaton] 145214", "“location:”"),
    ("[loc]:145214", "“location:”"),
    ("[mail]:john@example.com", "“email:”"),
    ("list [colour]:red", "no such filter"),
    ("list dnd:[maybe]", "on or off"),
    ("dnd:[maybe]", "on or off"),
    ("list voicemail:[5] page 2", "on or off"),
    ("list unassigned:[no]", problems.TAKES_NO_VALUE),
    ("list [location:] dnd:on", "needs a value"),
    ("list [tag:] page 2", "needs a value"),
    ('list [location:""] page 2', "needs a value"),
    ("list [location] 145214", "needs a value"),
    ("list [dnd]", "needs a value"),
    ("list phone:[x]", problems.NOT_DIGITS),
    ("list phone:[12345678901234567]", problems.NOT_DIGITS),
    ('list location:["Holmdel HQ]', problems.OPEN_QUOTE),
    ('location ["Holmdel HQ]', problems.OPEN_QUOTE),
    ("list location:Holmdel [HQ]", problems.NEEDS_QUOTES),
    ("list location:Suite [200]", problems.NEEDS_QUOTES),
    ("list tag:Sales [Team] page 2", problems.NEEDS_QUOTES),
    ("list dnd:on [dnd:off]", problems.FILTER_TWICE),
    ("location 145214 [location:1]", problems.FILTER_TWICE),
    ("list [smith]", "After “list”"),
    ("list page 2 [of] 30", "After “list”"),
    ("list [next]", "After “list”"),
    ('list ["Holmdel HQ"]', "After “list”"),
    ("export [sales]", "After “export”"),
    ("export [page 2]", problems.NO_PAGES),
    ("john [location:145214]", problems.FILTER_WITH_NAME),
    ("789 [tag:Sales]", problems.FILTER_WITH_NAME),
    # other commands
    ("[location]", problems.WHICH_LOCATION),
    ("location [page 2]", problems.WHICH_LOCATION),
    ("location [dnd:on]", problems.WHICH_LOCATION),
    ("[share]", problems.SHARE_WHAT),
    ("share [status]", problems.NOT_SHARED),
    ("share [help]", problems.NOT_SHARED),
    ("share [locations]", problems.NOT_SHARED),
    ("share [refresh 789]", problems.NOT_SHARED),
    ("share [share 789]", problems.NOT_SHARED),
    ("share list [smith]", "After “list”"),
    ("[refresh]", problems.REFRESH_WHAT),
    ("refresh [john smith]", problems.REFRESH_WHAT),
    ("refresh [me]", problems.REFRESH_WHAT),
    ("refresh [all]", problems.REFRESH_WHAT),
    ("refresh [<@U012AB3CD>]", problems.REFRESH_WHAT),
    ("refresh [789 790]", problems.ONE_REFRESH),
    # commands with a mistake
    ("[lst] page 2", "“list”"),
    ("[lisst] location:145214", "“list”"),
    ("[exprt] dnd:on", "“export”"),
    ("[shrae] 789", "“share”"),
    ("[refesh] 789", "“refresh”"),
    ("[refrehs] john@example.com", "“refresh”"),
    ("[locaton] 145214", "“location”"),
    ("789 [share]:", "“share” first"),
    ("789 [share]", "“share” first"),
    ("789 790 [Share]", "“share” first"),
    ("john@example.com [refresh]", "“refresh” first"),
    ("[update]", problems.REFRESH_WHAT),
    ("[whois]?", problems.NOBODY_NAMED),
]


@pytest.mark.parametrize(("marked", "problem"), CASES)
def test_error_points_at_unreadable_spot(marked, problem):
    """An error says why, marks what the person typed, and gives an example that can be read."""
    before, _, rest = marked.partition("[")
    spot, _, after = rest.partition("]")
    with pytest.raises(QueryError) as caught:
        parse(before + spot + after)
    error = caught.value
    if isinstance(problem, Problem):
        assert error.problem == problem.message
    else:
        assert problem in error.problem
    assert error.text[error.start : error.end] == spot
    assert (error.text[: error.start], error.text[error.end :]) == (before, after.rstrip("?"))
    parse(error.example)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('lst page 2 location:"Holmdel HQ"', 'list page 2 location:"Holmdel HQ"'),
        ("789 share", "share 789"),
        ("+1 415  555 0100 Refresh", "refresh +1 415 555 0100"),
    ],
)
def test_mistaken_command_error_example_is_corrected_line(text, meant):
    """The example for a misspelled or misplaced command is the whole line that the person meant."""
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.example == meant


def test_error_text_of_markup_is_plain():
    """The text that an error repeats has no markup and no entities."""
    with pytest.raises(QueryError) as caught:
        parse("list  loc:<tel:+14155550100|+1 415> R&amp;D <#C012|general>?")
    assert caught.value.text == "list loc:+1 415 R&D #general"


@pytest.mark.parametrize(
    "text",
    ["a" * 301, "a" * 100_000, "😀 " * 5_000, "\u200b" * 5_000, "<@U1>" * 1_000, "&amp;" * 399],
    ids=["letters", "more letters", "emoji", "invisible", "people", "entities"],
)
def test_too_long_text_is_refused_and_cut(text):
    """Long text is refused with its end cut off, and is not repeated whole."""
    with pytest.raises(QueryError) as caught:
        parse(text)
    error = caught.value
    assert error.problem == problems.TOO_LONG.message
    assert len(error.text) <= 300
    assert error.text[error.start : error.end] == "…"


def test_text_of_300_characters_is_read():
    """The longest text that is read has 300 characters after cleaning."""
    assert parse(" \u200b" + "a" * 300 + "  ") == parse("a" * 300)


def test_problem_never_repeats_typed_text():
    """Problems reach the log, so they hold nothing that somebody typed."""
    secret = "Zyxwvut"
    for text in (f"list {secret}", f"john {secret}@", f"refresh {secret}", f"dnd:{secret}"):
        with pytest.raises(QueryError) as caught:
            parse(text)
        assert secret.lower() not in str(caught.value).lower()


def test_unknown_filter_error_names_every_filter_that_exists():
    """The advice about an unknown filter lists the filters of the grammar and no others."""
    with pytest.raises(QueryError) as caught:
        parse("list name:smith")
    listed = caught.value.problem.partition("filters are ")[2].rstrip(".").split(", ")
    assert [name.rstrip(":") for name in listed] == list(NAMES)


@pytest.mark.parametrize("text", ["789:", "John Smith:", "list:", "list all:", "list page 2:"])
def test_colon_at_end_of_other_text_is_punctuation(text):
    """A colon at the end only counts after a filter; elsewhere it changes nothing."""
    assert parse(text) == parse(text.rstrip(":"))


@pytest.mark.parametrize("text", ["list unassigned:", "unassigned:", "who is unassigned:"])
def test_flag_with_colon_and_no_value_is_read(text):
    """`unassigned` takes no value, so a colon after it is only punctuation."""
    query = parse(text)
    assert isinstance(query, List)
    assert query.filters == Filters(unassigned=True)
