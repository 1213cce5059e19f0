"""The words around a query that people say to people: greetings, please, *who is …?*

Nothing here decides what is asked for; it only tells where that begins and ends.
"""

from __future__ import annotations

import re

# What a person has, and asks for.
_FIELD = (
    r"(?:(?:phone|direct|extension|desk|office|mobile|work|login|contact)\s+)?"
    r"(?:extension|ext|number|phone|email(?:\s+address)?|e-mail|did|line|login|name|location|details?|info)s?"
)
# What comes next is a number or a person, not a name: "on" may also be somebody's name.
_NUMBER_NEXT = r"(?=[\s:]*(?:[+(\#]*[0-9]|x\s?[0-9]|ext|extension\s+[0-9]|no\.?\s*[0-9]|<@))"

_OPENING = re.compile(
    r"""(?:
      (?: /ext | hey | hi | hello | please | pls | plz | okay | ok | thanks | thank\ you )
        (?: \s+ (?: there | ext | bot | team | all ) )? (?! [\w'@-] | \.\w ) [\s,!.:;]*
    | (?: can | could | would ) \s+ (?: you | u | someone | somebody | anyone | anybody ) \s+
    | (?: show | give | get | tell ) \s+ me \s+ (?: the \s+ )?
    | (?: show (?!\s+room) | give | get ) \s+ (?: the \s+ )?
    | i (?: \s+ need | \s+ want | (?: 'd | \s+ would ) \s+ like )
        (?: \s+ to \s+ (?: know | see ) )? \s+
    | do \s+ (?: you | u ) \s+ know \s+
    | name \s* : \s*
    | help \s+ me \s+ (?= find | look | search | reach | call | contact )
    )+""",
    re.VERBOSE | re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:[\s,]+(?:please|pls|plz|thanks|thank\s+you|thx|for\s+me))+\Z", re.IGNORECASE
)
_HELP = re.compile(
    r"\?+ | -{0,2}help | -{1,2}[h?] | usage | commands | what\ can\ (?:you|i)\ (?:do|ask|type)"
    r"| how\ does\ (?:this|it)\ work | how\ do\ i\ use\ (?:this|it|you)",
    re.VERBOSE | re.IGNORECASE,
)

_SEARCH = re.compile(
    r"""(?: find | look\s?up | search (?: \s+ for )? | call | dial | ring | reach | contact
    | (?: i'?m | i\ am ) \s+ looking \s+ for | looking \s+ for | where (?: 's | \s+ is )
    | to \s+ (?: find | reach | call | contact | (?: speak | talk ) \s+ (?: to | with ) )
    | how \s+ (?: do | can ) \s+ (?: i | we ) \s+ (?: find | reach | call | contact )
    | (?: is \s+ there | do \s+ we \s+ have ) (?: \s+ an? )?
    ) (?: \s+ (?: me | out ) )? (?: \s+ the )? [\s:]+ (?= \S )
    (?! (?: cent(?:er|re) | committee | desk | group | park | queue | room | team )s? \b )""",
    re.VERBOSE | re.IGNORECASE,
)
_ASKING = re.compile(
    rf"""(?:
      who (?: '?s | is (?!\w)
            | \s+ (?: is | are | was | has | have | owns? | uses? | does | did | answers? ) )?
        (?: \s+ the )?
        (?: (?: \s+ (?: at | on | behind | using | from | calling | called | rang | this | that
                     | with | me | just | been | it | line | number | phone | owner | of | the ) )+
            {_NUMBER_NEXT} )?
    | whose (?: \s+ (?: {_FIELD} | is | was | are | this | that | the | it )(?!\w) )*
    | (?: what (?: '?s | \s+ (?: is | are | was ) )? | which ) (?: \s+ the )?
        (?: \s+ {_FIELD} \s+ (?: of | for | to | is | are | does | do | has ) )?
    ) [\s:,]+ (?= \S )""",
    re.VERBOSE | re.IGNORECASE,
)
_FIELD_OF = re.compile(rf"(?:the\s+)?{_FIELD}\s+(?:of|for)\s+(?=\S)", re.IGNORECASE)
_OWNED = re.compile(
    rf"(?: (?:'s|(?<=s)')\s+{_FIELD} | (?<!\bmy)\s+(?:extension|ext) | (?<=[0-9])'s ) \Z",
    re.VERBOSE | re.IGNORECASE,
)
_DOING = re.compile(r"\s+(?:belongs?\s+to|have|has|is|use)\Z", re.IGNORECASE)
_ASKER = re.compile(
    rf"me|myself|mine|(?:who)?\s*am\s*i|i\s+am|my(?:\s+own)?\s+(?:{_FIELD}|card|profile)",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(
    rf"who(?:'?s|is|\s+(?:is|are|has))?|whose(?:\s+{_FIELD})?(?:\s+is)?|what(?:'?s|\s+is)?"
    r"|find|look\s?up|search(?:\s+for)?",
    re.IGNORECASE,
)


def between_greetings(text: str) -> tuple[int, int]:
    """Return where the words that matter begin and end; nothing is left of a mere greeting."""
    opening = _OPENING.match(text)
    start = opening.end() if opening else 0
    return start, _end_before(_CLOSING, text, start, len(text))


def asks_for_help(text: str, start: int, end: int) -> bool:
    """Whether these words are a call for help, or nothing at all."""
    return start == end or _HELP.fullmatch(text, start, end) is not None


def is_unfinished(text: str, start: int, end: int) -> bool:
    """Whether this is a question with nobody in it: `who is`."""
    return _UNFINISHED.fullmatch(text, start, end) is not None


def is_the_asker(text: str, start: int, end: int) -> bool:
    """Whether these words mean the person who writes them: `my extension`."""
    return _ASKER.fullmatch(text, start, end) is not None


def after_question(text: str, start: int, end: int) -> int:
    """Return where the words after *who is*, *what's the extension of* … begin."""
    for pattern in (_SEARCH, _ASKING, _FIELD_OF):
        if asked := pattern.match(text, start, end):
            start = asked.end()
    return start


def before_field(text: str, start: int, end: int, *, asked: bool) -> int:
    """Return where the words before *'s extension* end, or before *belong to* in a question."""
    end = _end_before(_OWNED, text, start, end)
    return _end_before(_DOING, text, start, end) if asked else end


def _end_before(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Where `pattern` begins, if it is the last thing between two positions."""
    found = pattern.search(text, start, end)
    return found.start() if found else end
