"""Only whole addresses count as somebody's."""

import pytest

from app.privacy.rules.addresses import names_address

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('{"email":"im@example.org"}', True),
        ('{"email":"IM@Example.org"}', True),
        (r'{"note":"Adresse:\nim@example.org. Danke"}', True),
        (r'{"note":"\"im@example.org\",x"}', True),
        ('{"to":"Im <im@example.org>"}', True),
        ('{"email":"kim@example.org"}', False),
        ('{"email":"k.im@example.org"}', False),
        ('{"email":"k-im@example.org"}', False),
        ('{"email":"im@example.org.uk"}', False),
    ],
)
def test_an_address_is_named_whole(content, named):
    assert names_address(content, "im@example.org") is named
