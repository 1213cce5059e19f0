"""The offices of the invented company, and the company itself as the API describes it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.vonage.credentials import ACCOUNT_ID


@dataclass(frozen=True, slots=True)
class Place:
    """One office. `vtt` (voicemail transcription) is set for an office, not for a person."""

    id: int
    name: str
    country: str
    address_1: str
    city: str
    state: str
    postal_code: str
    time_zone: str
    vtt: bool = True


PLACES: tuple[Place, ...] = (
    Place(145214, "Holmdel HQ", "US", "23 Main Street", "Holmdel", "New Jersey",
          "07733", "America/New_York"),
    Place(145220, "London", "GB", "5 Lantern Yard", "London", "England",
          "EC1A 9ZZ", "Europe/London"),
    Place(145231, "Berlin", "DE", "Lampenstraße 12", "Berlin", "Berlin",
          "10999", "Europe/Berlin", vtt=False),
    Place(145238, "Paris", "FR", "8 rue de la Lanterne", "Paris", "Île-de-France",
          "75003", "Europe/Paris"),
    Place(145244, "Kraków Support", "PL", "ul. Latarni 3", "Kraków", "Małopolskie",
          "31-001", "Europe/Warsaw"),
    Place(145259, "Saigon Works", "VN", "14 Đường Đèn Lồng", "Ho Chi Minh City", "Ho Chi Minh",
          "700000", "Asia/Ho_Chi_Minh", vtt=False),
    Place(145263, "Bengaluru", "IN", "77 Deepam Road", "Bengaluru", "Karnataka",
          "560001", "Asia/Kolkata"),
    Place(145270, "Tokyo", "JP", "提灯町 2-4-6", "Tokyo", "Tokyo",
          "100-0001", "Asia/Tokyo", vtt=False),
    Place(145282, "Ciudad de México", "MX", "Calle del Farol 41", "Ciudad de México", "CDMX",
          "06000", "America/Mexico_City"),
)  # fmt: skip

BY_ID: dict[int, Place] = {place.id: place for place in PLACES}


def location(place: Place) -> dict[str, object]:
    """An office as the API gives it."""
    return {
        "id": place.id,
        "name": place.name,
        "address": {
            "address_1": place.address_1,
            "address_2": None,
            "city": place.city,
            "state": place.state,
            "country": place.country,
            "postal_code": place.postal_code,
            "time_zone": place.time_zone,
        },
    }


def account() -> dict[str, object]:
    """The company as the API gives it: its address is the head office's."""
    return {
        "id": int(ACCOUNT_ID),
        "name": "Blue Lantern Trading",
        "status": "Active",
        "address": location(PLACES[0])["address"],
    }
