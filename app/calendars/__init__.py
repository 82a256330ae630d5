"""Calendars that work in every client: plain values in, iCalendar bytes out."""
