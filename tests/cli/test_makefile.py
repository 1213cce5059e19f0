"""What `make setup` says when it can't set up, with stand-ins for Python and pip."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from tests.cli.running import ROOT

# Answers as `python3` is asked by the Makefile: its version, whether that is new enough, and venv,
# which creates a Python whose pip fails.
PYTHON = """#!/bin/sh
case "$*" in
  --version) echo "Python {version}" ;;
  "-m venv .venv") {venv} ;;
  *) exit {is_too_old} ;;
esac
"""
VENV_WITHOUT_NETWORK = """mkdir -p .venv/bin
    printf '#!/bin/sh\\necho "ERROR: No matching distribution"; exit 1\\n' > .venv/bin/python
    chmod +x .venv/bin/python"""


@pytest.fixture
def project(tmp_path):
    """Return a folder with the Makefile and the lock file alone."""
    for name in ("Makefile", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def write_python(project: Path, *, version: str, venv: str = "exit 1") -> Path:
    """Write a stand-in for Python; `venv` is what `-m venv` does, in shell."""
    python = project / "python3.x"
    is_too_old = int(version < "3.11")
    python.write_text(PYTHON.format(version=version, venv=venv, is_too_old=is_too_old))
    python.chmod(0o755)
    return python


async def make(project: Path, *arguments: str) -> tuple[int, str]:
    """Run make in a project; return its exit code and everything that it printed."""
    process = await asyncio.create_subprocess_exec(
        *("make", *arguments),
        cwd=project,
        env={"PATH": os.environ["PATH"]},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(30):
        out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


async def test_make_without_target_lists_all_targets(project):
    """Plain `make` prints each target with its meaning, and sets nothing up."""
    code, out = await make(project)
    assert code == 0
    for target in ("setup", "demo", "test", "check", "format", "bench", "soak", "lock"):
        assert f"make {target} " in out
    assert not (project / ".venv").exists()


async def test_setup_with_unknown_python_names_it_and_the_remedy(project):
    """A Python that doesn't exist is named, with the command to type instead."""
    code, out = await make(project, "demo", "PYTHON=nopython")
    assert code != 0
    assert "No Python named 'nopython' was found" in out
    assert "make demo PYTHON=python3.12" in out


async def test_setup_with_old_python_says_its_version(project):
    """A Python that is too old is named with its version."""
    python = write_python(project, version="3.10.2")
    code, out = await make(project, "setup", f"PYTHON={python}")
    assert code != 0
    assert f"'{python}' is Python 3.10.2, and Ext needs Python 3.11 or newer" in out


async def test_setup_without_venv_module_leaves_no_broken_venv(project):
    """A venv that can't be created is removed, so that the next attempt starts again."""
    python = write_python(project, version="3.12.0", venv="mkdir -p .venv/bin; exit 1")
    code, out = await make(project, "setup", f"PYTHON={python}")
    assert code != 0
    assert "apt-get install python3-venv" in out
    assert not (project / ".venv").exists()


async def test_setup_without_network_says_what_to_do(project):
    """Setup says what it installs; if pip fails, the last sentence says what to check."""
    python = write_python(project, version="3.12.0", venv=VENV_WITHOUT_NETWORK)
    code, out = await make(project, "setup", f"PYTHON={python}")
    assert code != 0
    assert "packages into .venv" in out
    assert "Check that this machine can reach Python's package index" in out
    assert not (project / ".venv/.ready").exists()
