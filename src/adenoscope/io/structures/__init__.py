"""Chemical structures: SMILES read, judged in our own words, and brought into one standard form.

Only ``molecule`` and ``drawing`` touch RDKit. They read and draw structures that somebody made;
nothing here makes one.
"""
