"""The extensions and locations of the cards' tests."""

from __future__ import annotations

from bot.models import Did, Extension, Handset, Location, User

NOW = 1_790_000_000.0  # Monday, 21 September 2026, 14:13 UTC

HOLMDEL = Location("145214", "Holmdel HQ", "America/New_York", "Holmdel", "US")
LOCATIONS = {"145214": HOLMDEL}

JOHN = Extension(
    number="789",
    user=User("John", "Smith", "john.smith@example.com", "jsmith"),
    dids=(Did("14155550100", "My Tag"),),
    handsets=(Handset("line1-VH6370927", "VH16370927"),),
    location_id="145214",
    caller_id="John Smith",
    block_caller_id=False,
    dnd_enabled=False,
    vtt_enabled=True,
)
RING_GROUP = Extension(
    number="1001",
    dids=(Did("14155550111", "Front desk"), Did("442079460000")),
    location_id="145214",
    caller_id="14155550111",
    block_caller_id=True,
    vtt_enabled=False,
)
BARE = Extension(number="55")
