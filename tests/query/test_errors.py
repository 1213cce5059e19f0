"""Words that cannot be read: the spot, the reason, and an example that works."""

from __future__ import annotations

import pytest

from bot.errors import QueryError
from bot.query import parse

ELEVEN = "789 790 791 792 793 794 795 796 797 798"

# The spot stands between brackets: it is taken out before reading.
CASES = [
    # nothing to look up
    ("[!!!]", "no name or number"),
    ("[...]", "no name or number"),
    ("[--]", "no name or number"),
    ("[👋]", "no name or number"),
    ("[:wave:]", "no name or number"),
    ("[:wave::skin-tone-2: 🎉]", "no name or number"),
    ("[***]", "no name or number"),
    ("[@]", "no name or number"),
    ("[and]", "no name or number"),
    ("who is [+]?", "no name or number"),
    ("['s extension]", "no name or number"),
    ("[$100]", "neither a number nor a name"),
    ("[100%]", "neither a number nor a name"),
    ("789, [$5], 790", "neither a number nor a name"),
    ("[who]", "who or what number"),
    ("[who is]?", "who or what number"),
    ("[whose number is]", "who or what number"),
    ("please [find]", "who or what number"),
    # too much
    (ELEVEN + " [799]", "ten at a time"),
    (ELEVEN.replace(" ", ", ") + ", [ext 799] and 800", "ten at a time"),
    ("[1234567890123456]", "too long for a phone number"),
    ("789, [+1234567890123456]", "too long for a phone number"),
    ("who is [12345678901234567890]?", "too long for a phone number"),
    # emails
    ("[john@]", "whole email"),
    ("who is [john@example]?", "whole email"),
    ("789, [john@@example.com]", "whole email"),
    ("[john@example..com]", "whole email"),
    # pages
    ("list page [zero]", "page is a number"),
    ("list page [two]", "page is a number"),
    ("list page [0]", "page is a number"),
    ("list page [-1]", "page is a number"),
    ("list [-1]", "page is a number"),
    ("list page [100000000]", "page is a number"),
    ("list [100000000]", "page is a number"),
    ("list page [1.5]", "page is a number"),
    ("list [page]", "page is a number"),
    ("list [page], dnd:on", "page is a number"),
    ("list page:[x]", "page is a number"),
    ("page [0]", "page is a number"),
    ("location 145214 page [0]", "page is a number"),
    ("list page 2 [page 3]", "twice"),
    ("list 2 [3]", "twice"),
    # filters
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
    ("list [colour]:red", "don't know this filter"),
    ("list dnd:[maybe]", "on or off"),
    ("dnd:[maybe]", "on or off"),
    ("list voicemail:[5] page 2", "on or off"),
    ("list unassigned:[no]", "no value"),
    ("list [location:] dnd:on", "colon and a value"),
    ("list [tag:] page 2", "colon and a value"),
    ('list [location:""] page 2', "colon and a value"),
    ("list [location] 145214", "colon and a value"),
    ("list [dnd]", "colon and a value"),
    ("list phone:[x]", "needs a phone number"),
    ("list phone:[12345678901234567]", "needs a phone number"),
    ('list location:["Holmdel HQ]', "not closed"),
    ('location ["Holmdel HQ]', "not closed"),
    ("list location:Holmdel [HQ]", "in quotes"),
    ("list location:Suite [200]", "in quotes"),
    ("list tag:Sales [Team] page 2", "in quotes"),
    ("list dnd:on [dnd:off]", "twice"),
    ("location 145214 [location:1]", "twice"),
    ("list [smith]", "After “list”"),
    ("list page 2 [of] 30", "After “list”"),
    ("list [next]", "After “list”"),
    ('list ["Holmdel HQ"]', "After “list”"),
    ("export [sales]", "After “export”"),
    ("export [page 2]", "every page"),
    ("john [location:145214]", "not with a name"),
    ("789 [tag:Sales]", "not with a name"),
    # other commands
    ("[location]", "which location"),
    ("location [page 2]", "which location"),
    ("location [dnd:on]", "which location"),
    ("[share]", "what to share"),
    ("share [status]", "lookups and lists"),
    ("share [help]", "lookups and lists"),
    ("share [locations]", "lookups and lists"),
    ("share [refresh 789]", "lookups and lists"),
    ("share [share 789]", "lookups and lists"),
    ("share list [smith]", "After “list”"),
    ("[refresh]", "to refresh"),
    ("refresh [john smith]", "to refresh"),
    ("refresh [me]", "to refresh"),
    ("refresh [all]", "to refresh"),
    ("refresh [<@U012AB3CD>]", "to refresh"),
    ("refresh [789 790]", "one at a time"),
    # commands with a mistake
    ("[lst] page 2", "“list”"),
    ("[lisst] location:145214", "“list”"),
    ("[exprt] dnd:on", "“export”"),
    ("[shrae] 789", "“share”"),
    ("[refesh] 789", "“refresh”"),
    ("[refrehs] john@example.com", "“refresh”"),
    ("[locaton] 145214", "“location”"),
    ("789 [share]", "“share” first"),
    ("789 790 [Share]", "“share” first"),
    ("john@example.com [refresh]", "“refresh” first"),
    ("[update]", "to refresh"),
    ("[whois]?", "who or what number"),
]


@pytest.mark.parametrize(("marked", "problem"), CASES)
def test_an_error_points_at_the_spot(marked, problem):
    """An error says why, marks the person's own words, and gives an example that can be read."""
    before, _, rest = marked.partition("[")
    spot, _, after = rest.partition("]")
    with pytest.raises(QueryError) as caught:
        parse(before + spot + after)
    error = caught.value
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
def test_a_command_with_a_mistake_is_answered_with_the_whole_line_corrected(text, meant):
    """The example for a misspelt or misplaced command is what the person meant."""
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.example == meant


def test_the_words_in_an_error_are_clean():
    """What an error repeats has neither markup nor entities in it."""
    with pytest.raises(QueryError) as caught:
        parse("list  loc:<tel:+14155550100|+1 415> R&amp;D <#C012|general>?")
    assert caught.value.text == "list loc:+1 415 R&D #general"


@pytest.mark.parametrize(
    "text",
    ["a" * 301, "a" * 100_000, "😀 " * 5_000, "\u200b" * 5_000, "<@U1>" * 1_000, "&amp;" * 399],
    ids=["letters", "more letters", "emoji", "invisible", "people", "entities"],
)
def test_what_is_too_long_is_not_read(text):
    """Long text is refused at its cut end, without being repeated whole."""
    with pytest.raises(QueryError) as caught:
        parse(text)
    error = caught.value
    assert "too long" in error.problem
    assert len(error.text) <= 300
    assert error.text[error.start : error.end] == "…"


def test_300_characters_are_not_too_long():
    """The longest text that is read has 300 characters once it is plain."""
    assert parse(" \u200b" + "a" * 300 + "  ") == parse("a" * 300)


def test_no_problem_repeats_the_persons_words():
    """Problems reach the log, so nothing that somebody wrote is in them."""
    secret = "Zyxwvut"
    for text in (f"list {secret}", f"john {secret}@", f"refresh {secret}", f"dnd:{secret}"):
        with pytest.raises(QueryError) as caught:
            parse(text)
        assert secret.lower() not in str(caught.value).lower()
