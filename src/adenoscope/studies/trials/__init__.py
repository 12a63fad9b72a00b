"""Virtual people, and trials in them."""
