"""Who may ask the server, how much, and what a page may do."""
