"""What a schedule of hypoxia does to virtual subjects, which ones are worth their burden, and how sure that is."""
