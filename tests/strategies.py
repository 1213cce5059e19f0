"""Hypothesis strategies for everything that the shared models can hold, however unlikely."""

from __future__ import annotations

from hypothesis import strategies as st

from bot import errors
from bot.fields import HIDEABLE
from bot.models import (
    Did,
    Extension,
    Handset,
    Listing,
    Location,
    LocationCount,
    LocationList,
    Match,
    Quota,
    Status,
    SyncProgress,
    User,
)

NASTY = (
    *(
        "<!channel>",
        "<!here|here>",
        "<@U012AB3CD>",
        "<https://example.com|click>",
        "&lt;!channel&gt;",
    ),
    *("&", "<", ">", "|", "a|b>c", "`", "```", "``` x", "*bold*", "_it_", "~no~", "*", "> quote"),
    *("\x1b[31mred", "\x07", "\x9b2J", "\r\n", "a\nb", "\t", "\x00", "\u2028", "\ufeff"),
    *("\u202egnp.exe", "\u2066x\u2069", "\u200b", "a\u200db", "\u3164", "\u2800", "\ud800"),
    *(
        "&" * 5_000,
        "<" * 5_000,
        "x" * 5_000,
        "`" * 3_000,
        "電話" * 1_500,
        "e\u0301" * 900,
        " " * 4_000,
    ),
    *(
        "Zoë Müller",
        "電話 太郎",
        "محمد",
        "O'Brien & Sons <HQ>",
        "🧑\u200d🚀",
        ":fire:",
        "@here",
        "#general",
    ),
)

text = (
    st.text(max_size=60)
    | st.sampled_from(NASTY)
    | st.lists(st.sampled_from(NASTY), max_size=3).map("".join)
)
switch = st.none() | st.booleans()
moment = st.floats(min_value=0, max_value=4e9)
phone_number = (
    st.from_regex(r"1[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True)
    | st.from_regex(r"\+?[0-9]{1,17}", fullmatch=True)
    | text
)
email = st.emails() | text
time_zone = (
    st.sampled_from(
        [
            "America/New_York",
            "Asia/Kolkata",
            "UTC",
            "",
            "EST5EDT",
            "Eastern",
            "America",
            "../x",
            "/etc",
        ]
    )
    | text
)

did = st.builds(Did, phone_number, text)
handset = st.builds(Handset, text, text)
user = st.builds(User, text, text, email, text)
location_id = st.sampled_from(["", "145214", "1", "2"]) | text
location = st.builds(Location, location_id, text, time_zone, text, text)
extension = st.builds(
    Extension,
    st.from_regex(r"[0-9]{1,6}", fullmatch=True) | text,
    st.none() | user,
    st.lists(did, max_size=5).map(tuple) | did.map(lambda each: (each,) * 200),
    st.lists(handset, max_size=5).map(tuple) | handset.map(lambda each: (each,) * 60),
    location_id,
    phone_number,
    switch,
    switch,
    switch,
)
locations = st.lists(location, max_size=4).map(lambda found: {each.id: each for each in found})

retry_after = st.none() | st.floats(min_value=0, max_value=1e6)
vonage_error: st.SearchStrategy[errors.SourceError] = st.one_of(
    st.builds(errors.NotFound, text),
    st.builds(
        errors.BadParameters,
        text,
        reasons=st.lists(st.builds(errors.InvalidParameter, text, text), max_size=9).map(tuple),
        track_id=text,
    ),
    *(
        st.builds(kind, retry_after=retry_after)
        for kind in (
            errors.SourceError,
            errors.LoginRefused,
            errors.NotAuthorized,
            errors.Forbidden,
            errors.OverQuota,
            errors.Unavailable,
            errors.UnexpectedReply,
        )
    ),
)
query_error = st.builds(
    errors.QueryError,
    text,
    text=text,
    start=st.integers(-5, 300),
    end=st.integers(-5, 300),
    example=text,
)

excluded_fields = st.frozensets(st.sampled_from(HIDEABLE))  # fields that an answer leaves out
line = st.sampled_from(["789", "who +1 415 555 0100", 'list location:"Holmdel HQ"']) | text

match = st.builds(Match, extension, moment, st.none() | vonage_error)
listing = st.builds(
    Listing,
    st.lists(match, max_size=8).map(tuple),
    st.integers(1, 99_999),
    st.integers(1, 99_999),
    st.none() | st.integers(0, 10**6),
)
location_count = st.builds(LocationCount, location, st.none() | st.integers(0, 10**6))
location_list = st.builds(
    LocationList,
    st.lists(location_count, max_size=30).map(tuple)
    | location_count.map(lambda each: (each,) * 500),
    moment,
    st.none() | vonage_error,
)
reading = st.builds(
    SyncProgress,
    st.integers(0, 10**6),
    st.none() | st.integers(0, 10**6),
    st.none() | st.floats(0, 10**6),
)
status = st.builds(
    Status,
    st.builds(Quota, st.integers(0, 10**6), st.integers(0, 10**6), st.floats(0, 3600)),
    st.none() | moment,
    st.none() | vonage_error,
    st.none() | moment,
    st.none() | st.integers(0, 10**6),
    st.none() | moment,
    st.none() | moment,
    st.none() | reading,
)
