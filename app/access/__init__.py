"""Access: who somebody is on a date. Builds the Actor from account, seats, projects and invitations."""
