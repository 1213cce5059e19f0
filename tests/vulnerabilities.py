"""`python -m tests.vulnerabilities`: whether a locked package has a known vulnerability.

pip-audit asks Python's package index about every package of both lock files. A machine that can't
reach the index, or whose mirror doesn't have that data, is told what was not checked; only a known
vulnerability fails. https://github.com/pypa/pip-audit
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt")
TIMEOUT_S = 120


@dataclass(frozen=True)
class Report:
    """What pip-audit found: vulnerable packages, a line each, and how many it looked at."""

    vulnerable: tuple[str, ...]
    checked: int
    unchecked: int


def read_report(text: str) -> Report:
    """Read pip-audit's JSON report. Raises `ValueError` if there is none."""
    packages: list[dict[str, Any]] = json.loads(text)["dependencies"]
    checked = [package for package in packages if "skip_reason" not in package]
    vulnerable = (
        f"{package['name']} {package['version']}: {problem['id']}"
        + (f", fixed in {fixes[-1]}" if (fixes := problem.get("fix_versions")) else "")
        for package in checked
        for problem in package["vulns"]
    )
    return Report(tuple(vulnerable), len(checked), len(packages) - len(checked))


def run_pip_audit(lock: Path) -> str:
    """Return pip-audit's JSON report about a lock file, or an empty text if it can't be had."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock)]
    options = ["--require-hashes", "--disable-pip", "--no-deps", "--format", "json"]
    quiet = ["--progress-spinner", "off", "--timeout", "10"]
    try:
        done = subprocess.run(
            [*command, *options, *quiet],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout


def main(locks: Sequence[str] = LOCKS) -> int:
    """Print what was found; return 1 if a package has a known vulnerability."""
    vulnerable: list[str] = []
    for name in locks:
        try:
            report = read_report(run_pip_audit(ROOT / name))
        except ValueError:
            print(f"{name} was not checked for vulnerabilities: pip-audit can't reach its data.")
            continue
        vulnerable += report.vulnerable
        if report.unchecked:
            print(
                f"{report.unchecked} of {report.checked + report.unchecked} packages in {name} "
                "were not checked for vulnerabilities: the package index has no data on them."
            )
    for line in sorted(set(vulnerable)):
        print(f"Vulnerable: {line}", file=sys.stderr)
    return 1 if vulnerable else 0


if __name__ == "__main__":
    sys.exit(main())
