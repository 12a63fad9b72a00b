"""What the process of science does for the page; each function loads science where it is called, not before."""
