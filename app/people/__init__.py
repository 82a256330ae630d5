"""Institutions, persons, and the accounts with which they sign in."""
