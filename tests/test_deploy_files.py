"""The deploy files: what they start, what they set, and what the container may write.

Whether a platform accepts its file shows only there. Here the files are checked against the
program: they start the Procfile's commands, set only settings that exist, ask for every required
one, hold no secret, and check /healthz.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import signal
import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings
from tests.cli.running import ROOT, run_serve

REQUIRED = {
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "VONAGE_CLIENT_ID",
    "VONAGE_CLIENT_SECRET",
    "VONAGE_USERNAME",
    "VONAGE_PASSWORD",
}
SETTINGS = {name.upper() for name in Settings.__dataclass_fields__}


def read(name: str) -> str:
    """Return the text of a file at the top level."""
    return (ROOT / name).read_text(encoding="utf-8")


def render() -> dict[str, Any]:
    """Return the one service of render.yaml."""
    (service,) = yaml.safe_load(read("render.yaml"))["services"]
    return dict(service)


def fly() -> dict[str, Any]:
    """Return fly.toml."""
    return tomllib.loads(read("fly.toml"))


def heroku() -> dict[str, Any]:
    """Return app.json."""
    return dict(json.loads(read("app.json")))


def dockerfile() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions with their arguments, in order."""
    lines = re.sub(r"^#.*\n", "", read("Dockerfile"), flags=re.MULTILINE)
    joined = re.sub(r"\\\n\s*", "", lines)
    pairs = (line.partition(" ") for line in joined.splitlines() if line)
    return [(instruction, arguments) for instruction, _, arguments in pairs]


def last(instruction: str) -> str:
    """Return the arguments of the last instruction of this name in the Dockerfile."""
    return [arguments for name, arguments in dockerfile() if name == instruction][-1]


def docker_environment() -> dict[str, str]:
    """Return what the Dockerfile's ENV sets."""
    pairs = (pair.partition("=") for pair in shlex.split(last("ENV")))
    return {name: value for name, _, value in pairs}


def procfile() -> dict[str, str]:
    """Return the Procfile's commands by the names of their process types."""
    lines = (line.partition(": ") for line in read("Procfile").splitlines())
    return {name: command for name, _, command in lines}


NAMED = {
    "render.yaml": lambda: {row["key"] for row in render()["envVars"]},
    "app.json": lambda: set(heroku()["env"]),
    "fly.toml": lambda: set(fly()["env"]) | set(re.findall(r"([A-Z_]+)=…", read("fly.toml"))),
}


@pytest.mark.parametrize("file", NAMED)
def test_deploy_file_names_every_required_setting_and_no_unknown_one(file):
    """A misspelled setting would be ignored, and a missing one found only at the first start."""
    named = NAMED[file]()
    assert named >= REQUIRED
    assert named <= SETTINGS


def test_deploy_file_holds_no_secret():
    """The platform asks for each secret, and stores it."""
    for row in render()["envVars"]:
        assert (row.get("sync") is False) == (row["key"] in REQUIRED)
    assert not REQUIRED & {name for name, row in heroku()["env"].items() if "value" in row}
    assert not REQUIRED & set(fly()["env"])


def test_platforms_start_what_the_procfile_starts():
    """One command starts Ext everywhere."""
    command = procfile()["web"]
    assert render()["startCommand"] == command
    assert [*json.loads(last("ENTRYPOINT")), *json.loads(last("CMD"))] == command.split()
    assert set(heroku()["formation"]) == set(procfile())


def test_health_checks_ask_whether_the_process_lives():
    """A failing /readyz must not restart or unroute Ext: a restart can't cure a refused login."""
    assert render()["healthCheckPath"] == "/healthz"
    assert [check["path"] for check in fly()["http_service"]["checks"]] == ["/healthz"]
    assert "/healthz" in last("HEALTHCHECK")
    assert "/readyz" not in last("HEALTHCHECK")


def test_one_process_runs_and_gets_time_to_finish():
    """The quota and the disk belong to one process, and a shutdown takes up to 16 seconds."""
    assert render()["numInstances"] == 1
    assert render()["maxShutdownDelaySeconds"] >= 20
    assert fly()["kill_timeout"] >= 20
    assert fly()["http_service"]["auto_stop_machines"] == "off"
    assert heroku()["formation"]["web"]["quantity"] == 1


def test_data_dir_is_on_the_mounted_disk():
    """Otherwise each release would read the whole directory again."""
    values = {row["key"]: row.get("value") for row in render()["envVars"]}
    assert values["DATA_DIR"] == render()["disk"]["mountPath"]
    assert fly()["env"]["DATA_DIR"] == fly()["mounts"]["destination"] == last("VOLUME")
    assert docker_environment()["DATA_DIR"] == last("VOLUME")


def test_container_runs_as_an_unprivileged_user_with_the_locked_packages():
    """The last USER is no root, and pip checks every hash."""
    user, _, group = last("USER").partition(":")
    assert int(user) > 0
    assert int(group) > 0
    assert "--require-hashes" in " ".join(text for name, text in dockerfile() if name == "RUN")
    assert last("FROM").startswith(f"python:{read('.python-version').strip()}-")


def test_image_holds_only_what_runs():
    """No .env, no .data and no tests get into the image."""
    patterns = [line for line in read(".dockerignore").splitlines() if line[:1] not in ("", "#")]
    copied = {
        path
        for name, arguments in dockerfile()
        if name == "COPY" and "--from" not in arguments
        for path in arguments.split()[:-1]
    }
    assert patterns[0] == "*"
    assert {line[1:] for line in patterns if line.startswith("!")} == copied


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """The files that the image gets from the repository, without write permission."""
    app = tmp_path / "app"
    app.mkdir()
    for name in ("bot", "manifest.yml", "pyproject.toml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, app / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, app / name)
    for path in (app, *app.rglob("*")):
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    return app


@pytest.mark.real_time
async def test_ext_with_the_files_of_the_image_writes_only_to_data_dir(image, tmp_path):
    """The container's file system is read-only, except for the volume at DATA_DIR."""
    home, data = tmp_path / "home", tmp_path / "data"
    home.mkdir()
    data.mkdir(mode=0o700)
    before = [entries(image), entries(home)]
    places = {"PYTHONPATH": str(image), "HOME": str(home), "DATA_DIR": str(data)}
    in_image = docker_environment()
    flags = {name: in_image[name] for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")}
    assert in_image["TMPDIR"] == in_image["DATA_DIR"]
    async with run_serve(**places, **flags, TMPDIR=str(data)) as bot:
        assert "John Smith" in (await bot.ext("who john.smith@example.com")).json()["text"]
        bot.process.send_signal(signal.SIGTERM)
        await bot.log()
    assert [entries(image), entries(home)] == before
    assert list(data.glob("directory-*.sqlite3"))


def entries(folder: Path) -> dict[str, int]:
    """Return the files and folders below a folder, with the time of their last change."""
    paths = sorted(folder.rglob("*"))
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in paths}
