"""Tests of the demo data and of the command that makes them."""
