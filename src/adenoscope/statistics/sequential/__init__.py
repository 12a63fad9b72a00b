"""How large a trial is, and when it may stop early."""
