"""Mail that lies in files: an mbox, a Maildir, single mails; found, read one at a time, and written as mbox."""
