"""What the page writes of each kind of finding, a row for each, in the order of the results."""
