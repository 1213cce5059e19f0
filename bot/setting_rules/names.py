"""Finds names that are almost those of settings, which would be ignored without a word.

`HIDDEN_EXTENSION=790` instead of `HIDDEN_EXTENSIONS` shows everyone an extension that somebody
meant to hide. The commands warn of such names when they start, and `doctor` reports them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

MIN_SIMILARITY = 0.8  # from 0 to 1; a name at least this similar counts as a misspelled setting
# Short names such as PORT are similar to too many of other programs: REPORT, PORT0, GHOST.
MIN_FUZZY_CHARS = 5

NO_SETTING = "{name} is not a setting"
MISSPELLED = "Did you mean {similar}? Ext ignores it as it is."
ALSO_SET = "Ext uses {similar}, which is set as well: remove it if it was meant for Ext."
UNKNOWN = "Ext ignores it: remove it if it was meant for Ext. .env.example lists all settings."

# Bolt's names for an app that many workspaces install; `doctor` says that Ext doesn't use them.
OAUTH = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")

# Names that the environment has for other programs.
_OF_OTHER_PROGRAMS = frozenset({"AWS_DEFAULT_REGION", "SLACK_API_TOKEN", "SLACK_TOKEN"})
# Words that only the settings that protect people have: HIDDEN_NUMBERS is like no setting's name.
_PROTECTING_WORDS = (
    ({"HIDDEN"}, "HIDDEN_EXTENSIONS"),
    ({"HIDE"}, "HIDDEN_EXTENSIONS"),
    ({"GUEST"}, "ALLOW_GUESTS"),
    ({"GUESTS"}, "ALLOW_GUESTS"),
    ({"ADMINS"}, "ADMINS"),
    ({"ADMIN", "ONLY"}, "ADMIN_ONLY_FIELDS"),
)
_PREFIX = re.compile(r"(?:EXT|BOT|EXT_BOT)_")


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A name that isn't a setting's. `is_mistake` tells that a setting was meant and isn't set."""

    name: str
    seen: str
    remedy: str
    is_mistake: bool


def unknown_names(
    environment: Collection[str], env_file: Collection[str], settings: Collection[str]
) -> Iterator[UnknownName]:
    """Return the names that are set but aren't among those of `settings`, in order.

    The environment has names for other programs too, so only those that look like a setting are
    returned; `.env` is only for Ext, so all of its unknown names are.
    """
    names = {*environment, *env_file}
    for name in sorted(names.difference(settings, OAUTH)):
        if name in _OF_OTHER_PROGRAMS and name not in env_file:
            continue
        similar = _similar(name, settings)
        # A letter of another script can look the same, so its code is shown.
        shown = name if name.isascii() and name.isprintable() else ascii(name)
        seen = NO_SETTING.format(name=shown)
        if similar:
            is_mistake = similar not in names
            remedy = (MISSPELLED if is_mistake else ALSO_SET).format(similar=similar)
            yield UnknownName(shown, seen, remedy, is_mistake)
        elif name in env_file:
            yield UnknownName(shown, seen, UNKNOWN, is_mistake=False)


def _similar(name: str, settings: Collection[str]) -> str:
    """Return the setting that a name is most similar to, or an empty text.

    Letter case, the characters between words, a prefix such as `EXT_` and the order of the words
    don't count.
    """
    plain = re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")
    for each in settings:
        if plain.replace("_", "") == each.replace("_", ""):
            return each
    without_prefix = _PREFIX.sub("", plain, count=1)
    long_names = [each for each in settings if len(each) >= MIN_FUZZY_CHARS]
    forms = {form: each for each in long_names for form in (_sort_words(each), each)}
    for candidate in (plain, without_prefix, _sort_words(without_prefix)):
        if match := get_close_matches(candidate, forms, n=1, cutoff=MIN_SIMILARITY):
            return forms[match[0]]
    words = set(without_prefix.split("_"))
    return next((setting for some, setting in _PROTECTING_WORDS if some <= words), "")


def _sort_words(name: str) -> str:
    return "_".join(sorted(name.split("_")))
