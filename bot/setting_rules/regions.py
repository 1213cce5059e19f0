"""Guesses which country somebody means who writes `UK`, `Germany` or `en_US` as DEFAULT_REGION."""

from __future__ import annotations

import re

import phonenumbers

# Codes and names that are in use but aren't ISO 3166's. Where two countries are likely, both.
_COMMON = {
    "UK": "GB", "ENG": "GB", "GBR": "GB", "BRITAIN": "GB", "GREAT BRITAIN": "GB", "ENGLAND": "GB",
    "SCOTLAND": "GB", "WALES": "GB", "NORTHERN IRELAND": "GB", "EN": "US or GB",
    "USA": "US", "AMERICA": "US", "UNITED STATES OF AMERICA": "US",
    "GER": "DE", "DEU": "DE", "HOLLAND": "NL", "THE NETHERLANDS": "NL", "NLD": "NL", "CAN": "CA",
    "AUS": "AU", "AUT": "AT", "SWI": "CH", "CHE": "CH", "FRA": "FR", "ESP": "ES", "SPA": "ES",
    "ITA": "IT", "PRT": "PT", "POR": "PT", "IRL": "IE", "EIRE": "IE", "BEL": "BE", "LUX": "LU",
    "DNK": "DK", "DEN": "DK", "DA": "DK", "SWE": "SE", "NOR": "NO", "FIN": "FI", "POL": "PL",
    "CZE": "CZ", "CS": "CZ", "CZECHIA": "CZ", "HUN": "HU", "ROU": "RO", "GRC": "GR",
    "EL": "GR", "TUR": "TR", "TURKEY": "TR", "UKR": "UA", "RUS": "RU", "ISR": "IL", "UAE": "AE",
    "ARE": "AE", "IND": "IN", "CHN": "CN", "ZH": "CN", "JPN": "JP", "JA": "JP", "KOR": "KR",
    "KO": "KR", "KOREA": "KR", "SGP": "SG", "HKG": "HK", "PHL": "PH", "NZL": "NZ", "ZAF": "ZA",
    "RSA": "ZA", "MEX": "MX", "BRA": "BR", "ARG": "AR", "CHL": "CL", "COL": "CO",
}  # fmt: skip
_LOCALE = re.compile(r"[A-Za-z]{2,3}[_-](?P<region>[A-Za-z]{2})(?:\..*)?")  # en_US.UTF-8
_NO_REGIONS = ("ZZ", "001")  # of a calling code that no country has, or many


def suggest_region(text: str) -> str:
    """Return the region codes that a text may stand for, such as `GB`, or an empty text."""
    plain = " ".join(text.replace(".", "").split()).upper()
    if plain in _COMMON:
        return _COMMON[plain]
    if plain.lstrip("+").isdecimal() and len(plain) < len("+0000"):
        region = phonenumbers.region_code_for_country_code(int(plain.lstrip("+")))
        return "" if region in _NO_REGIONS else region
    if locale := _LOCALE.fullmatch(text.strip()):
        region = locale["region"].upper()
        return region if region in phonenumbers.SUPPORTED_REGIONS else _COMMON.get(region, "")
    return _by_name(plain)


def _by_name(name: str) -> str:
    """Return the region of a country's name in any language that phonenumbers has it in."""
    from phonenumbers.geodata.locale import LOCALE_DATA  # noqa: PLC0415 - takes 0.3 s to import

    for region, names in LOCALE_DATA.items():
        if region in phonenumbers.SUPPORTED_REGIONS and name in map(str.upper, names.values()):
            return region
    return ""
