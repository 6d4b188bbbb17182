"""Who somebody is: passwords, sessions, signing up, in and out, invitations."""
