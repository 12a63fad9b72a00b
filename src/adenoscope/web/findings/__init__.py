"""What a finished study left behind, read as records; a file of another form is not read."""
