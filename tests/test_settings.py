"""The settings: every problem at once, each with its remedy, and no secret shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import SLACK, VONAGE, Secret, Settings, load, read

COMPLETE = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_SIGNING_SECRET": "s1gn",
    "VONAGE_CLIENT_ID": "k3y",
    "VONAGE_CLIENT_SECRET": "k3y-s3cret",
    "VONAGE_USERNAME": "int3gration",
    "VONAGE_PASSWORD": "pa$$word",
}


def problems(**changes: str) -> list[str]:
    """Return the problems of complete settings with some changes; an empty text unsets one."""
    source = {name: value for name, value in (COMPLETE | changes).items() if value}
    with pytest.raises(SettingsError) as raised:
        read(source)
    return raised.value.problems


def test_defaults_are_the_documented_ones():
    """With the six settings that have no default, everything else is set."""
    settings = read(COMPLETE)
    assert settings.vonage_account_id == "self"
    assert settings.vonage_base_url == "https://api.vonage.com/t/vbc.prod/provisioning"
    assert settings.vonage_token_url == "https://api.vonage.com/token"
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.vonage_requests_per_minute == 10
    assert settings.vonage_page_size == 100
    assert (settings.lookup_ttl, settings.missing_ttl) == (300, 60)
    assert settings.directory_csv is None
    assert (settings.host, settings.port) == ("0.0.0.0", 3000)
    assert (settings.log_level, settings.log_format) == ("INFO", "text")
    assert settings.default_region == "US"
    assert settings.hidden_extensions == frozenset()


def test_all_problems_are_reported_at_once():
    """Nobody has to start the bot six times to learn of six problems."""
    with pytest.raises(SettingsError) as raised:
        read({"PORT": "eighty", "VONAGE_BASE_URL": "vonage", "LOG_LEVEL": "LOUD"})
    text = "\n".join(raised.value.problems)
    for name in (
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "VONAGE_CLIENT_ID",
        "PORT",
        "VONAGE_BASE_URL",
        "LOG_LEVEL",
    ):
        assert name in text
    assert all(problem.endswith(".") for problem in raised.value.problems)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("PORT", "²"),
        ("VONAGE_REQUESTS_PER_MINUTE", "0"),
        ("VONAGE_REQUESTS_PER_MINUTE", "ten"),
        ("VONAGE_PAGE_SIZE", "0"),
        ("LOOKUP_TTL", "-1"),
        ("LOOKUP_TTL", "nan"),
        ("MISSING_TTL", "inf"),
        ("DEFAULT_REGION", "Holland"),
        ("LOG_FORMAT", "xml"),
        ("HIDDEN_EXTENSIONS", "100,abc"),
        ("VONAGE_BASE_URL", "http://api.example/provisioning"),
        ("VONAGE_TOKEN_URL", "ftp://api.example/token"),
        ("SLACK_API_URL", "https://[broken"),
        ("VONAGE_BASE_URL", "https://api..vonage.com/t/vbc.prod/provisioning"),
        ("VONAGE_BASE_URL", "https://me:Sesame@api.vonage.com/t/vbc.prod/provisioning"),
        ("VONAGE_TOKEN_URL", "https://api.vonage.com/token?grant_type=password"),
        ("PUBLIC_URL", "https://ext.example.com/#top"),
        ("PUBLIC_URL", "https://ext example.com"),
        ("DIRECTORY_TTL", "0"),
        ("DIRECTORY_TTL", "-900"),
        ("DIRECTORY_TTL", "1e-9"),
        ("DIRECTORY_TTL", "nan"),
        ("DIRECTORY_TTL", "inf"),
        ("DIRECTORY_TTL", "1e300"),
        ("DIRECTORY_TTL", "15m"),
        ("LOOKUP_TTL", "inf"),
        ("PORT", "9" * 5000),
        ("VONAGE_ACCOUNT_ID", "../me"),
        ("SLACK_BOT_TOKEN", "xapp-1"),
        ("SLACK_APP_TOKEN", "xoxb-1"),
        ("SLACK_SIGNING_SECRET", "xoxb-1"),
        ("VONAGE_CLIENT_SECRET", "k3y"),
        ("SUPPORT_CONTACT", "#it\nhelp"),
        ("HOST", "127.0.0.1\x00"),
    ],
)
def test_invalid_value_is_a_problem(name, value):
    """A wrong value is reported under its setting's name, and the value itself is not repeated."""
    (problem,) = problems(**{name: value})
    assert problem.startswith(name)
    assert ": " in problem
    assert "Sesame" not in problem


@pytest.mark.parametrize("name", ["LOOKUP_TTL", "MISSING_TTL"])
def test_zero_seconds_means_that_nothing_is_cached(name):
    """A cache can be switched off; reading the directory without a pause can't be meant."""
    assert getattr(read(COMPLETE | {name: "0"}), name.lower()) == 0


@pytest.mark.parametrize(("value", "remedy"), [("UK", "use GB."), ("Atlantis", "use two letters")])
def test_region_of_another_name_is_suggested(value, remedy):
    """The problem has the code that was meant, if Ext knows it."""
    (problem,) = problems(DEFAULT_REGION=value)
    assert remedy in problem


@pytest.mark.parametrize("data_dir", ["file", "file/below", "/dev/null"])
def test_data_dir_that_is_a_file_is_a_problem(data_dir):
    """Ext would start and lose its copy at every restart."""
    Path("file").touch()
    (problem,) = problems(DATA_DIR=data_dir)
    assert problem.startswith("DATA_DIR is a file: ")


def test_data_dir_may_be_missing_or_a_link():
    """Ext creates the folder; a link leads to a volume."""
    Path("link").symlink_to(Path.cwd())
    for name in ("missing/below", "link", "link/missing"):
        assert read(COMPLETE | {"DATA_DIR": name}).data_dir == Path(name)


def test_unreadable_file_is_reported_with_the_problems_of_the_environment(monkeypatch):
    """Of a file that can't be read nobody knows what is missing, so nothing is called missing."""
    Path(".env").write_bytes("PORT=1".encode("utf-16"))
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    with pytest.raises(SettingsError) as raised:
        load()
    assert [problem.partition(" ")[0] for problem in raised.value.problems] == [".env", "LOG_LEVEL"]


def test_swapped_tokens_are_both_reported_among_all_other_problems():
    """Nobody has to start the bot again to learn of the second swapped token."""
    found = problems(SLACK_BOT_TOKEN="xapp-1", SLACK_APP_TOKEN="xoxb-1", PORT="x")
    assert [problem.partition(" ")[0] for problem in found] == [
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "PORT",
    ]


@pytest.mark.parametrize(
    "name", ["VONAGE_CLIENT_ID", "VONAGE_CLIENT_SECRET", "VONAGE_USERNAME", "VONAGE_PASSWORD"]
)
def test_incomplete_login_names_the_missing_setting(name):
    """Of the four settings of a login only the missing one is a problem."""
    (problem,) = problems(**{name: ""})
    assert problem.startswith(name)


def test_access_token_replaces_the_login():
    """With VONAGE_ACCESS_TOKEN the four settings of a login are not needed."""
    settings = read(
        {**{n: v for n, v in COMPLETE.items() if "SLACK" in n}, "VONAGE_ACCESS_TOKEN": "t"}
    )
    assert settings.vonage_access_token.reveal() == "t"


def test_only_needed_settings_are_required():
    """A lookup in the terminal needs no Slack, and Slack alone needs no Vonage."""
    assert read({"VONAGE_ACCESS_TOKEN": "t"}, needs=(VONAGE,))
    assert read({n: v for n, v in COMPLETE.items() if "SLACK" in n}, needs=(SLACK,))


def test_pasted_values_are_accepted():
    """Quotes, spaces, letter case and a trailing slash do no harm."""
    settings = read(
        COMPLETE
        | {
            "SLACK_BOT_TOKEN": ' "xoxb-1" ',
            "LOG_LEVEL": "debug",
            "DEFAULT_REGION": "gb",
            "VONAGE_BASE_URL": "https://api.vonage.com/t/vbc.prod/provisioning/v1/",
            "SLACK_API_URL": "http://127.0.0.1:9/api",
            "HIDDEN_EXTENSIONS": "100, 2001 7",
        }
    )
    assert settings.slack_bot_token.reveal() == "xoxb-1"
    assert settings.log_level == "DEBUG"
    assert settings.default_region == "GB"
    assert settings.vonage_base_url.endswith("/provisioning/v1")
    assert settings.slack_api_url == "http://127.0.0.1:9/api/"
    assert settings.hidden_extensions == {"100", "2001", "7"}


def test_environment_wins_over_the_file(tmp_path, monkeypatch):
    """`.env` gives what is missing in the environment; an empty variable counts as missing."""
    lines = [f"{name}='{value}'" for name, value in COMPLETE.items()]
    (tmp_path / ".env").write_text("\n".join([*lines, "PORT=4000", "LOG_LEVEL=ERROR"]))
    monkeypatch.setenv("PORT", "5000")
    monkeypatch.setenv("LOG_LEVEL", "")
    settings = load()
    assert (settings.port, settings.log_level) == (5000, "ERROR")
    assert settings.vonage_password.reveal() == "pa$$word"


def test_secrets_print_as_stars():
    """Printing settings shows stars for every secret that is set."""
    settings = read(COMPLETE)
    shown = repr(settings) + str(settings.vonage_password)
    for value in COMPLETE.values():
        assert value not in shown
    assert "***" in shown
    assert repr(Settings().vonage_password) == "(not set)"
    assert not Secret("")


def test_csv_file_replaces_the_vonage_settings():
    """Whoever has no VBC account sets DIRECTORY_CSV and nothing of Vonage."""
    slack = {name: value for name, value in COMPLETE.items() if name.startswith("SLACK")}
    assert read(slack | {"DIRECTORY_CSV": "people.csv"}).directory_csv == Path("people.csv")
    with pytest.raises(SettingsError) as raised:
        read(slack)
    assert "DIRECTORY_CSV" in raised.value.problems[0]


def test_support_contact_is_any_text():
    """The contact can be a channel, an address or a mention; without one, notices name admins."""
    assert read(COMPLETE | {"SUPPORT_CONTACT": " '#it-help' "}).support_contact == "#it-help"
    assert read(COMPLETE).support_contact == ""
