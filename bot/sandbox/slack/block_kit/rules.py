"""The kinds of rule that the shapes of Slack's blocks are built from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.block_kit import text_rules
from bot.sandbox.slack.block_kit.text_rules import EITHER

Problems = Iterator[str]
Rule = Callable[[Any], Problems]


@dataclass(frozen=True)
class Shape:
    """The keys an object must have, those it may have, and a rule for the whole object."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    whole: Rule = lambda _: iter(())


def check_shape(value: Mapping[str, Any], expected: Shape) -> Problems:
    """Yield each key that is missing, unknown or breaks its rule."""
    rules = {"type": anything, **expected.required, **expected.optional}
    for key, rule in rules.items():
        if key in value:
            yield from (f".{key}{problem}" for problem in rule(value[key]))
    yield from (f": {key!r} is missing" for key in expected.required if key not in value)
    yield from (f": unknown key {key!r}" for key in sorted(value.keys() - rules.keys()))
    yield from expected.whole(value)


def typed(shapes: Mapping[str, Shape], only: frozenset[str] | None = None) -> Rule:
    """The rule for an object whose `type` selects one of the shapes."""

    def rule(value: Any) -> Problems:
        kind = str(value.get("type")) if isinstance(value, Mapping) else "no object"
        if kind not in shapes or (only is not None and kind not in only):
            yield f": {kind!r} is unknown, or not allowed here"
            return
        yield from check_shape(value, shapes[kind])

    return rule


def object_of(expected: Shape) -> Rule:
    """The rule for an object of one shape."""

    def rule(value: Any) -> Problems:
        if isinstance(value, Mapping):
            yield from check_shape(value, expected)
        else:
            yield ": must provide an object"

    return rule


def text_object(max_chars: int, kinds: frozenset[str] = EITHER) -> Rule:
    """The rule for a text object of 1 to `max_chars` characters."""
    return lambda value: with_colon(text_rules.text_object(value, max_chars=max_chars, kinds=kinds))


def string(max_chars: int, min_chars: int = 1) -> Rule:
    """The rule for a string of `min_chars` to `max_chars` characters."""
    return lambda value: with_colon(
        text_rules.string(value, max_chars=max_chars, min_chars=min_chars)
    )


def with_colon(problems: Problems) -> Problems:
    """Put a colon between the position and the problem."""
    return (f": {problem}" for problem in problems)


def list_of(rule: Rule, min_items: int, max_items: int) -> Rule:
    """The rule for a list of `min_items` to `max_items` items."""

    def check(value: Any) -> Problems:
        if not isinstance(value, list) or not min_items <= len(value) <= max_items:
            yield f": {min_items} to {max_items} are allowed"
            return
        for i, item in enumerate(value):
            yield from (f"[{i}]{problem}" for problem in rule(item))

    return check


def one_of(*values: Any) -> Rule:
    """The rule for one of a few values; `1` is not `True`."""
    allowed = [(type(value), value) for value in values]

    def rule(value: Any) -> Problems:
        if (type(value), value) not in allowed:
            yield f": {value!r} is not one of {values}"

    return rule


def whole_number(minimum: int, maximum: int) -> Rule:
    """The rule for a whole number in a range."""

    def rule(value: Any) -> Problems:
        if type(value) is not int or not minimum <= value <= maximum:
            yield f": a whole number from {minimum} to {maximum} is expected"

    return rule


def anything(_: Any) -> Problems:
    """The rule that accepts everything."""
    return iter(())


def exactly_one(*keys: str) -> Rule:
    """The rule for an object with exactly one of the keys."""

    def rule(value: Any) -> Problems:
        if sum(key in value for key in keys) != 1:
            yield f": exactly one of {', '.join(keys)} is needed"

    return rule


def nested_objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every object in a value, the value itself first."""
    if isinstance(value, Mapping):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from nested_objects(item)


def duplicates(key: str, objects: Sequence[Mapping[str, Any]]) -> Problems:
    """Yield each value that several objects have under a key."""
    counts = Counter(item[key] for item in objects if isinstance(item.get(key), str))
    yield from (f"{key} {name!r} is used {n} times" for name, n in counts.items() if n > 1)
