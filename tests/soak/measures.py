"""What is measured of the bot's process every few seconds: from /proc, /metrics and its folders."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx
from prometheus_client.parser import text_string_to_metric_families

MB = 1e6
_KB = re.compile(r"^(VmRSS|Threads|Pss):\s+(\d+)", re.MULTILINE)
_TASK_KINDS = ("foreground", "background", "other")


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement: `values` by name, and the counters that only rise.

    `lost` counts answers that reached nobody, `answered` all of them, `age_s` is the copy's age.
    """

    at: float
    values: dict[str, float]
    lost: float
    answered: float
    age_s: float


@dataclass(frozen=True, slots=True)
class Probe:
    """The process to measure, and the folders that it writes to."""

    pid: int
    url: str
    data_dir: Path
    temp_dir: Path

    async def measure(self, http: httpx.AsyncClient, at: float) -> Sample:
        """Measure everything once. Raises `httpx.TransportError` if the process is gone."""
        page = (await http.get(f"{self.url}/metrics")).raise_for_status().text
        metrics = _samples(page)
        ways = {labels: value for (name, labels), value in metrics.items() if name == _ANSWERS}
        values = {
            **_process(self.pid),
            **_folder("data", self.data_dir),
            **_folder("temporary", self.temp_dir),
            **{f"{kind} tasks": metrics.get(("ext_tasks", kind), 0.0) for kind in _TASK_KINDS},
        }
        return Sample(
            at,
            values,
            lost=ways.get("lost", 0.0),
            answered=sum(ways.values()) - ways.get("lost", 0.0),
            age_s=metrics.get(("ext_directory_age_seconds", ""), float("nan")),
        )


_ANSWERS = "ext_answers_total"


def lowest(samples: Iterable[Sample]) -> dict[str, float]:
    """Return the lowest value of each name: a leak raises it, and a sync that runs does not."""
    all_values = [sample.values for sample in samples]
    return {name: min(values[name] for values in all_values) for name in all_values[0]}


def typical(samples: Iterable[Sample]) -> dict[str, float]:
    """Return the median of each name."""
    all_values = [sample.values for sample in samples]
    return {name: median(values[name] for values in all_values) for name in all_values[0]}


def _process(pid: int) -> dict[str, float]:
    proc = Path("/proc") / str(pid)
    found = dict(_KB.findall((proc / "status").read_text()))
    found |= dict(_KB.findall((proc / "smaps_rollup").read_text()))
    return {
        "resident MB": int(found["VmRSS"]) * 1024 / MB,
        "proportional MB": int(found["Pss"]) * 1024 / MB,
        "descriptors": len(os.listdir(proc / "fd")),
        "threads": int(found["Threads"]),
    }


def _folder(name: str, folder: Path) -> dict[str, float]:
    sizes = []
    for path in folder.rglob("*"):
        try:
            sizes.append(path.stat().st_size if path.is_file() else 0)
        except FileNotFoundError:  # a sync removed it meanwhile
            continue
    return {f"{name} files": len(sizes), f"{name} MB": sum(sizes) / MB}


def _samples(page: str) -> dict[tuple[str, str], float]:
    """Return each sample of a page of metrics by its name and its labels' values."""
    return {
        (sample.name, " ".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }
