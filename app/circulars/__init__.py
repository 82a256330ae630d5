"""Circular procedures: decisions taken in writing between meetings."""
