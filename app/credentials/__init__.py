"""Ways to prove who one is: OpenID Connect, passkeys, one-time codes, personal links to a password."""
