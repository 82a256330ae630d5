"""Attendance: who announced what, who is there from when to when, who leads, and whether the body is quorate."""
