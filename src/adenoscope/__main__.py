"""`python -m adenoscope`: the command line without an installed script."""

from adenoscope.cli import main

if __name__ == "__main__":
    main()
