"""Tests of the import of projects and status."""
