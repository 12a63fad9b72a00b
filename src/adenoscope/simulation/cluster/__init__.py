"""One cohort over many machines: shards of subjects, each computed anywhere and kept in a file of its own."""
