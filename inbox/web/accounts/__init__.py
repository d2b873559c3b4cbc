"""How people sign in and what is theirs: passwords, one-time codes, sessions; and the settings of people, teams and the audit log."""
