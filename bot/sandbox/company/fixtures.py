"""Extensions that are written by hand, so that demos and tests can refer to them by name.

John Smith is the published document's own example, unchanged.
"""

from __future__ import annotations

from bot.sandbox.company.entries import Did, Entry, Handset, Owner, external_id, handsets
from bot.sandbox.company.locations import LOCATION_BY_ID

_HOLMDEL, _LONDON, _BERLIN, _PARIS, _KRAKOW = 145214, 145220, 145231, 145238, 145244
_SAIGON, _BENGALURU, _TOKYO, _MEXICO = 145259, 145263, 145270, 145282


def _entry(
    ordinal: int,
    number: str,
    office_id: int,
    owner: tuple[str, str, str, str | None] | None = None,
    *dids: Did,
    caller_id: str | None = None,
    phones: int = 1,
    dnd: bool = False,
    block_caller_id: bool = False,
) -> Entry:
    return Entry(
        number=number,
        external_id=external_id(ordinal),
        location_id=office_id,
        user=Owner(2_000_000 + 7 * ordinal, *owner) if owner else None,
        dids=dids,
        handsets=handsets(6_400_000 + 11 * ordinal, phones),
        caller_id=caller_id,
        block_caller_id=block_caller_id,
        dnd=dnd,
        vtt=LOCATION_BY_ID[office_id].vtt,
    )


JOHN_SMITH = Entry(
    number="789",
    external_id=external_id(1),
    location_id=_HOLMDEL,
    user=Owner(2_000_007, "John", "Smith", "jsmith", "john.smith@example.com"),
    dids=(Did("14155550100", "My Tag"),),
    handsets=(Handset("line1-VH6370927", "VH16370927"),),
    caller_id="John Smith",
    block_caller_id=False,
    dnd=False,
    vtt=True,
)

FIXTURES: tuple[Entry, ...] = (
    JOHN_SMITH,
    _entry(
        2, "790", _HOLMDEL,
        ("Mary", "O'Brien", "mobrien", "mary.obrien@example.com"),
        Did("17325550150", "Sales"), Did("17325550151", "Support line"),
        caller_id="17325550150", phones=2,
    ),
    _entry(
        3, "1001", _MEXICO,
        ("José", "García", "jgarcia", "jose.garcia@example.com"),
        Did("525555550190"), caller_id="José García",
    ),
    # Rooms and ring groups: the key `user` is absent.
    _entry(4, "100", _HOLMDEL, None, Did("17325550140", "Main line"), caller_id="17325550140"),
    _entry(5, "8001", _HOLMDEL, None, Did("17325550141", "Sales"), caller_id="Sales", phones=0),
    _entry(6, "8002", _LONDON, None, Did("442079460800", "Support line"), phones=0),
    _entry(7, "3300", _BERLIN, None, caller_id="Konferenzraum Ö"),
    # A branch, entered as if it were a person.
    _entry(
        8, "2200", _HOLMDEL,
        ("Harbor Street", "Branch", "branch.harbor", "harbor.street@example.com"),
        Did("12125550180", "Main line"), caller_id="Harbor Street Branch", phones=3,
    ),
    _entry(
        9, "2140", _BERLIN,
        ("Jürgen", "Müller", "jmueller", "juergen.mueller@example.com"),
        Did("493023125900"), caller_id="493023125900", dnd=True,
    ),
    _entry(
        10, "412", _KRAKOW,
        ("Ewa", "Wałęsa", "ewalesa", "ewa.walesa@example.com"),
        Did("48225550190", "Direct"), caller_id="Ewa Wałęsa",
    ),
    _entry(
        11, "5120", _SAIGON,
        ("Văn An", "Nguyễn", "vnguyen", "van-an.nguyen@example.com"),
        Did("842835550190"), caller_id="Nguyễn Văn An", phones=2,
    ),
    _entry(
        12, "20417", _LONDON,
        ("Søren", "Kjær", "skjaer", "soren.kjaer@example.com"),
        Did("442079460817", "Direct"), Did("447700900123", "Mobile"), caller_id="Søren Kjær",
    ),
    _entry(
        13, "6021", _TOKYO,
        ("美咲", "田中", "mtanaka", "misaki.tanaka@example.com"),
        Did("81355500190"), caller_id="田中 美咲",
    ),
    # Two people of the same name.
    _entry(
        14, "413", _KRAKOW,
        ("Anna", "Nowak", "anowak", "anna.nowak@example.com"), Did("48225550191"),
        caller_id="Anna Nowak",
    ),
    _entry(
        15, "2015", _LONDON,
        ("Anna", "Nowak", "anna.nowak.uk", "anna.nowak.uk@example.com"), Did("442079460815"),
        caller_id="Anna Nowak", block_caller_id=True,
    ),
    # Without an email address and without a direct number.
    _entry(16, "305", _PARIS, ("Zoé", "Lefèvre", "zlefevre", None), caller_id="Zoé Lefèvre"),
    _entry(
        17, "7003", _BENGALURU,
        ("Priya", "D'Souza", "priya.dsouza@example.com", "priya.dsouza@example.com"),
        Did("918045550190", "Support line"), caller_id=None,
    ),
)  # fmt: skip
