"""Tests of the plan and its projects."""
