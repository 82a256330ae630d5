"""Meetings of a body: their life from planned to held, time and place, deadlines."""
