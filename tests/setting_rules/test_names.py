"""Near misses: names that somebody meant as settings are found, those of other programs aren't."""

from __future__ import annotations

import pytest

from bot.setting_rules.names import ALSO_SET, MISSPELLED, UNKNOWN, unknown_names
from bot.settings import NAMES


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        *((name, "HIDDEN_EXTENSIONS") for name in (
            "HIDDEN_EXTENSION", "HIDE_EXTENSIONS", "HIDDENEXTENSIONS", "hidden_extensions",
            "HIDDEN-EXTENSIONS", "HIDDEN_EXTENSIONS ", "EXT_HIDDEN_EXTENSIONS", "HIDDEN_EXT",
            "EXTENSIONS_HIDDEN", "HIDDEN_NUMBERS", "HIDE", "HIDDEN_EXTENSIONS\u200b",
        )),
        *((name, "ADMINS") for name in ("ADMIN", "ADMIN_IDS", "EXT_ADMINS", "SLACK_ADMINS")),
        *((name, "ALLOW_GUESTS") for name in ("ALLOW_GUEST", "GUESTS_ALLOWED", "GUESTS")),
        *((name, "ADMIN_ONLY_FIELDS") for name in ("ADMIN_FIELDS", "ADMIN_ONLY")),
        ("VONAGE_CLIENTID", "VONAGE_CLIENT_ID"),
        ("vonage_password", "VONAGE_PASSWORD"),
        ("port", "PORT"),
    ],
)  # fmt: skip
def test_near_miss_is_found_in_environment_and_file(name, setting):
    """The remedy names the setting that was meant."""
    for environment, file in (([name], []), ([], [name])):
        (unknown,) = unknown_names(environment, file, NAMES)
        assert unknown.remedy == MISSPELLED.format(similar=setting)
        assert unknown.is_mistake
        assert unknown.seen.isprintable()


@pytest.mark.parametrize(
    "name",
    [
        *("HOSTNAME", "HOSTS", "PORT0", "REPORT", "EXT_PORT", "EXT_SERVICE_HOST", "PATH", "LANG"),
        *("DATABASE_URL", "RAILWAY_STATIC_URL", "RENDER_EXTERNAL_URL", "FLY_REGION", "PGDATA"),
        *("AWS_DEFAULT_REGION", "SLACK_WEBHOOK_URL", "SLACK_TOKEN", "SLACK_API_TOKEN", "LOGNAME"),
        *("ADMIN_PASSWORD", "ADMIN_EMAIL", "XDG_DATA_DIRS", "KUBERNETES_PORT", "PYTHON_VERSION"),
    ],
)
def test_name_of_another_program_is_only_reported_in_the_file(name):
    """The environment is for all programs, `.env` is for Ext alone."""
    assert not list(unknown_names([name], [], NAMES))
    (unknown,) = unknown_names([], [name], NAMES)
    assert name in unknown.seen


def test_letter_of_another_script_is_shown_by_its_code():
    """A Cyrillic letter that looks like H would make the warning hard to understand."""
    (unknown,) = unknown_names(["\u041dIDDEN_EXTENSIONS"], [], NAMES)
    assert unknown.seen.startswith("'\\u041dIDDEN_EXTENSIONS' is not a setting")
    assert unknown.remedy == MISSPELLED.format(similar="HIDDEN_EXTENSIONS")


def test_near_miss_of_a_setting_that_is_set_is_no_mistake():
    """Ext uses the setting, and the other name is only left over."""
    names = ["HIDDEN_EXTENSION", "HIDDEN_EXTENSIONS"]
    (unknown,) = unknown_names(names, [], NAMES)
    assert (unknown.remedy, unknown.is_mistake) == (
        ALSO_SET.format(similar="HIDDEN_EXTENSIONS"),
        False,
    )


def test_name_like_no_setting_is_reported_in_the_file():
    """Nobody knows what it was meant for."""
    (unknown,) = unknown_names([], ["WEBHOOK"], NAMES)
    assert (unknown.remedy, unknown.is_mistake) == (UNKNOWN, False)
