"""What people do about attendance; the meeting is locked by the caller."""
