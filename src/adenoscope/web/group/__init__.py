"""What a finished study found, read from its results and made fit for a page."""
