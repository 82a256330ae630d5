"""Invitations to meetings by mail, as programs understand them (iMIP), and the answers to them."""
