"""Extensions, locations and the account as JSON, in the real API's form and in the document's.

The published document has `_embedded.data` where the real API has `_embedded.extensions` (a list)
and `_embedded.extension` (one), and it lacks the newer fields.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from bot.sandbox.company.entries import Entry, Owner
from bot.sandbox.company.locations import COMPANY_NAME, LOCATIONS, Office
from bot.sandbox.json_types import JsonObject
from bot.sandbox.vonage.credentials import ACCOUNT_ID


@dataclass(frozen=True, slots=True)
class ExtensionPage:
    """The rows of one page, and the totals. Pages count from 1."""

    rows: Sequence[Entry]
    page: int
    page_size: int
    total_items: int

    @property
    def total_pages(self) -> int:
        """The number of pages; 0 when nothing matches."""
        return -(-self.total_items // self.page_size)


def page_json(
    page: ExtensionPage, *, envelope: str, url: str, filters: Mapping[str, str]
) -> JsonObject:
    """A page of extensions."""
    key, shape = (
        ("extensions", live_extension) if envelope == "live" else ("data", documented_extension)
    )
    return {
        "page_size": page.page_size,
        "page": page.page,
        "total_pages": page.total_pages,
        "total_items": page.total_items,
        "_links": _page_links(page, url, filters),
        "_embedded": {key: [shape(entry) for entry in page.rows]},
    }


def extension_json(entry: Entry, *, envelope: str, url: str) -> JsonObject:
    """One extension."""
    if envelope == "live":
        return embed("extension", {**live_extension(entry), "service_type_name": "UX"}, url=url)
    return embed("data", documented_extension(entry), url=url)


def embed(key: str, content: object, *, url: str) -> JsonObject:
    """A document for anything that isn't paged."""
    return {"_links": {"self": {"href": url}}, "_embedded": {key: content}}


def live_extension(entry: Entry) -> JsonObject:
    """An extension in the form of the real API's lists."""
    shape = {**documented_extension(entry), "external_id": entry.external_id}
    if entry.user:
        shape["user"] = {"id": entry.user.id, **_user(entry.user)}
    return shape


def documented_extension(entry: Entry) -> JsonObject:
    """An extension in the form of the published document. Unknown fields are left out."""
    return _without_none(
        extension_number=entry.number,
        location_id=entry.location_id,
        vtt_enabled=entry.vtt,
        dnd_enabled=entry.dnd,
        caller_id=entry.caller_id,
        block_caller_id=entry.block_caller_id,
        dids=[
            _without_none(phone_number=d.phone_number, custom_tag=d.custom_tag) for d in entry.dids
        ],
        extension_handsets=[
            {"handset_name": handset.handset_name, "sip_id": handset.sip_id}
            for handset in entry.handsets
        ],
        user=_user(entry.user) if entry.user else None,
    )


def _user(user: Owner) -> JsonObject:
    return _without_none(
        email=user.email,
        login_name=user.login_name,
        first_name=user.first_name,
        last_name=user.last_name,
    )


def _without_none(**fields: object) -> JsonObject:
    return {name: value for name, value in fields.items() if value is not None}


def _page_links(page: ExtensionPage, url: str, filters: Mapping[str, str]) -> JsonObject:
    last = max(1, page.total_pages)
    numbers = {"first": 1, "self": page.page, "last": last}
    if page.page > 1:
        numbers["prev"] = min(page.page - 1, last)
    if page.page < last:
        numbers["next"] = page.page + 1
    return {
        name: {"href": f"{url}?{urlencode({**filters, 'page_size': page.page_size, 'page': n})}"}
        for name, n in numbers.items()
    }


def location_json(office: Office) -> JsonObject:
    """An office in the form of the API's location."""
    return {
        "id": office.id,
        "name": office.name,
        "address": {
            "address_1": office.address_1,
            "address_2": None,
            "city": office.city,
            "state": office.state,
            "country": office.country,
            "postal_code": office.postal_code,
            "time_zone": office.time_zone,
        },
    }


def account_json() -> JsonObject:
    """The company in the form of the API's account. Its address is that of the head office."""
    return {
        "id": int(ACCOUNT_ID),
        "name": COMPANY_NAME,
        "status": "Active",
        "address": location_json(LOCATIONS[0])["address"],
    }
