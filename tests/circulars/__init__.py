"""Tests of circular procedures."""
