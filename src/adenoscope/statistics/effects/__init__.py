"""Effects: what groups of animals differ by, with intervals."""
