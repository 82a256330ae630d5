"""The plan and its projects: periods, fields, dated status reports, decision needs, milestones, import."""
