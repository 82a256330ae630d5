"""Pages of meetings: list, frame, letters, outcomes, calendars."""
