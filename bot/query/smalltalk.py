"""The polite words and questions around a query: greetings, please, *who is …?*

This module doesn't parse the query. It only finds where the query begins and ends.
"""

from __future__ import annotations

import re

# The words for a detail of a person that people ask for.
_FIELD = (
    r"(?:(?:phone|direct|extension|desk|office|mobile|work|login|contact)\s+)?"
    r"(?:extension|ext|number|phone|email(?:\s+address)?|e-mail|did|line|login|name|location|details?|info)s?"
)
# Matches before a number or a person. Before a name, a word like "on" may be part of the name.
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
_QUESTION = re.compile(
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
_FIELD_AT_END = re.compile(
    rf"(?: (?:'s|(?<=s)')\s+{_FIELD} | (?<!\bmy)\s+(?:extension|ext) | (?<=[0-9])'s ) \Z",
    re.VERBOSE | re.IGNORECASE,
)
_VERB_AT_END = re.compile(r"\s+(?:belongs?\s+to|have|has|is|use)\Z", re.IGNORECASE)
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
    """Return where the query begins and ends, without a colon at its end.

    If the text is only a greeting, the query is empty.
    """
    greeting = _OPENING.match(text)
    start = greeting.end() if greeting else 0
    end = max(start, len(text.rstrip(": \n")))
    return start, _end_before(_CLOSING, text, start, end)


def asks_for_help(text: str, start: int, end: int) -> bool:
    """Return whether the text asks for help or is empty."""
    return start == end or _HELP.fullmatch(text, start, end) is not None


def is_unfinished(text: str, start: int, end: int) -> bool:
    """Return whether the text is a question that names nobody: `who is`."""
    return _UNFINISHED.fullmatch(text, start, end) is not None


def means_the_asker(text: str, start: int, end: int) -> bool:
    """Return whether the text means the person who typed it: `my extension`."""
    return _ASKER.fullmatch(text, start, end) is not None


def after_question(text: str, start: int, end: int) -> int:
    """Return where the text after *who is* or *what's the extension of* begins."""
    for pattern in (_SEARCH, _QUESTION, _FIELD_OF):
        if question := pattern.match(text, start, end):
            start = question.end()
    return start


def before_field(text: str, start: int, end: int, *, is_question: bool) -> int:
    """Return where the text before *'s extension* ends and, in a question, before *belong to*."""
    end = _end_before(_FIELD_AT_END, text, start, end)
    return _end_before(_VERB_AT_END, text, start, end) if is_question else end


def _end_before(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Return where `pattern` begins if it matches before `end`, else `end`."""
    match = pattern.search(text, start, end)
    return match.start() if match else end
