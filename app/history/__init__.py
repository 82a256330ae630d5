"""History (Verlauf): who changed what when, append only, chained by hash."""
