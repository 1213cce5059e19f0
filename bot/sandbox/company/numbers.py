"""Phone numbers that never ring: ranges that regulators reserve for fiction.

Countries without such a range get a few hundred numbers in the style of the American 555-01xx, and
after those the ranges of countries that reserve many.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from math import gcd

_US_AREAS = """732 908 212 646 718 917 415 628 510 650 408 512 737 214 469 972 713 832 281 617 857
    508 312 773 872 630 206 253 425 503 971 303 720 602 480 623 305 786 954 404 678 770 202 703
    571 301 215 267 484 610 412 724 216 440 614 513 313 248 734 612 651 763 314 816 913 702 725
    801 385 505 615 901 704 980 919 984 757 804 860 203 401 603 207 802 518 585 716 914 516 631
    845 609 856 973"""

_GB_CITIES = "113 114 116 117 118 121 131 141 151 161"


def _blocks(prefixes: str, tail: str, size: int) -> list[tuple[str, int]]:
    return [(prefix + tail, size) for prefix in prefixes.split()]


# A prefix, and the count of numbers that start with it: 100 means two more digits.
_RANGES: dict[str, list[tuple[str, int]]] = {
    "US": [(f"1{area}55501", 100) for area in _US_AREAS.split()],
    "GB": [("442079460", 1000), *((f"44{c}4960", 1000) for c in _GB_CITIES.split())],
    "DE": _blocks("493023125 496990009 494066969 498999998", "", 1000),
    "FR": _blocks("3319900 3326191 3335301 3346571 3353649", "", 10_000),
    "PL": _blocks("4812 4822 4858 4871 4861", "55501", 100),
    "VN": _blocks("8428 8424", "355501", 100),
    "IN": _blocks("9180 9122 9111 9144", "455501", 100),
    "JP": _blocks("813 816", "555001", 100),
    "MX": _blocks("5255 5281 5233", "555501", 100),
    "AU": _blocks("612 613 617 618", "5550", 10_000) + _blocks("612 613 617 618", "7010", 10_000),
}

_OVERFLOW = ("AU", "FR")


def shuffled_range(size: int) -> Iterator[int]:
    """Every number below `size` once, in an order that doesn't look sequential."""
    step = next(step for step in range(size * 3 // 8 + 1, 2 * size) if gcd(step, size) == 1)
    return (i * step % size for i in range(1, size + 1))


def _in_range(prefix: str, size: int) -> Iterator[str]:
    digits = len(str(size - 1))
    return (f"{prefix}{i:0{digits}}" for i in shuffled_range(size))


class PhoneNumbers:
    """Hands out each number once, as E.164 digits without the plus. Numbers in `taken` are
    skipped.
    """

    def __init__(self, taken: frozenset[str] = frozenset()) -> None:
        self._taken = taken
        self._remaining = {
            country: chain.from_iterable(_in_range(*block) for block in blocks)
            for country, blocks in _RANGES.items()
        }

    def next(self, country: str) -> str | None:
        """The next number of this country, else of a country with many. `None` when all are
        used.
        """
        for source in (country, *_OVERFLOW):
            for number in self._remaining[source]:
                if number not in self._taken:
                    return number
        return None
