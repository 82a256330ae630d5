"""Signing in: password, second factor, passkey, provider, and the links that come by mail."""
