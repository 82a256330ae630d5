"""Benchmarks: ``python -m benchmarks`` measures the application beside bare yardsticks; nothing here is a test."""
