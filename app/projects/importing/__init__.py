"""The import of projects and status from CSV and XLSX: bytes -> raw table -> checked rows -> plan; all of it pure."""
