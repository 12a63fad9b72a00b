"""Long work in processes of its own: a queue on disk, one job at a time, and an end with the server."""
