"""What is known of every study of the folder without opening a recording."""
