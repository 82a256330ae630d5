"""What people do to prove who they are: invitations and lost passwords, second factors, providers, known browsers."""
