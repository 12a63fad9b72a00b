"""Many subjects of one model: what is asked, who computes it, and what comes back."""
