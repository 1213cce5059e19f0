"""How notices are built: the same words in blocks and in text, and whom they send people to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.notice_builder import contact_text, notice
from tests import strategies
from tests.cards.checked import checked


@pytest.mark.parametrize(
    ("support_contact", "admin_ids", "expected"),
    [
        ("", (), ""),
        ("", ("U012AB3CD",), "<@U012AB3CD>"),
        ("", ("U2BC", "U1BC"), "<@U1BC> or <@U2BC>"),
        ("", ("U4BC", "U3BC", "U2BC", "U1BC"), "<@U1BC>, <@U2BC> or <@U3BC>"),
        ("", ("not an id",), ""),
        ("it-help@example.com", ("U012AB3CD",), "it-help@example.com"),
        ("Jo (<@U012AB3CD>) in <#C012AB3CD>", (), "Jo (<@U012AB3CD>) in <#C012AB3CD>"),
        ("<!channel> *now* & here", (), "&lt;!channel&gt; ∗now∗ &amp; here"),
    ],
)
def test_contact_text_prefers_the_setting_over_the_admins(
    support_contact, admin_ids, expected
) -> None:
    """Mentions of people and channels stay; all other markup is shown as it was written."""
    assert contact_text(support_contact, admin_ids) == expected


@given(strategies.text | st.text(st.sampled_from("<@#U012> *_`~!&")), strategies.text)
def test_contact_text_is_safe_in_a_notice(support_contact, admin_id) -> None:
    """No setting can break a message or mention a whole channel."""
    contact = contact_text(support_contact, (admin_id,))
    assert "<!" not in contact
    checked(notice(f"Ask {contact}."))
