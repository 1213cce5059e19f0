"""The name and the offices of the invented company."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Office:
    """One office, which the API calls a location.

    `vtt` (voicemail transcription) is set per office, not per person.
    """

    id: int
    name: str
    country: str
    address_1: str
    city: str
    state: str
    postal_code: str
    time_zone: str
    vtt: bool = True


COMPANY_NAME = "Blue Lantern Trading"

LOCATIONS: tuple[Office, ...] = (
    Office(145214, "Holmdel HQ", "US", "23 Main Street", "Holmdel", "New Jersey",
          "07733", "America/New_York"),
    Office(145220, "London", "GB", "5 Lantern Yard", "London", "England",
          "EC1A 9ZZ", "Europe/London"),
    Office(145231, "Berlin", "DE", "Lampenstraße 12", "Berlin", "Berlin",
          "10999", "Europe/Berlin", vtt=False),
    Office(145238, "Paris", "FR", "8 rue de la Lanterne", "Paris", "Île-de-France",
          "75003", "Europe/Paris"),
    Office(145244, "Kraków Support", "PL", "ul. Latarni 3", "Kraków", "Małopolskie",
          "31-001", "Europe/Warsaw"),
    Office(145259, "Saigon Works", "VN", "14 Đường Đèn Lồng", "Ho Chi Minh City", "Ho Chi Minh",
          "700000", "Asia/Ho_Chi_Minh", vtt=False),
    Office(145263, "Bengaluru", "IN", "77 Deepam Road", "Bengaluru", "Karnataka",
          "560001", "Asia/Kolkata"),
    Office(145270, "Tokyo", "JP", "提灯町 2-4-6", "Tokyo", "Tokyo",
          "100-0001", "Asia/Tokyo", vtt=False),
    Office(145282, "Ciudad de México", "MX", "Calle del Farol 41", "Ciudad de México", "CDMX",
          "06000", "America/Mexico_City"),
)  # fmt: skip

LOCATION_BY_ID: dict[int, Office] = {office.id: office for office in LOCATIONS}
