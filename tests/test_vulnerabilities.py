"""`make check` fails for a vulnerable package, and says what it could not check."""

from __future__ import annotations

import json

import pytest

from tests import vulnerabilities

SAFE = {"name": "safe", "version": "1.0", "vulns": []}
UNKNOWN = {"name": "unknown", "skip_reason": "Dependency not found on PyPI"}
VULNERABLE = {
    "name": "broken",
    "version": "2.0",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["2.1", "3.0"]}],
}


@pytest.fixture
def report(monkeypatch):
    """A function that makes pip-audit report on these packages, or print a text."""

    def set_report(*packages, text=None):
        output = json.dumps({"dependencies": packages}) if text is None else text
        monkeypatch.setattr(vulnerabilities, "run_pip_audit", lambda _: output)

    return set_report


def test_vulnerable_package_fails_with_the_version_that_fixes_it(report, capsys):
    """Both lock files have the package; it is named once."""
    report(SAFE, VULNERABLE)
    assert vulnerabilities.main() == 1
    assert capsys.readouterr().err == "Vulnerable: broken 2.0: PYSEC-2026-1, fixed in 3.0\n"


def test_safe_packages_pass_without_a_word(report, capsys):
    """There is nothing to say."""
    report(SAFE)
    assert vulnerabilities.main() == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("text", ["", "Traceback (most recent call last):", "{}x"])
def test_report_that_cannot_be_had_is_said_and_does_not_fail(report, capsys, text):
    """A machine without a network can still run make check."""
    report(text=text)
    assert vulnerabilities.main(["requirements.txt"]) == 0
    assert "requirements.txt was not checked" in capsys.readouterr().out


def test_unknown_packages_are_counted(report, capsys):
    """A mirror of the index may have no data on vulnerabilities."""
    report(SAFE, UNKNOWN, UNKNOWN)
    assert vulnerabilities.main(["requirements.txt"]) == 0
    assert capsys.readouterr().out.startswith("2 of 3 packages in requirements.txt were not")
