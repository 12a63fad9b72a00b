"""Two aims that pull apart: what no other choice beats, and how to find it in few evaluations."""
