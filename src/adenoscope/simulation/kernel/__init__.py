"""Kernels: LLVM code for a batch of subjects, one lane each, written as text and compiled in the process.

Arithmetic is spelt out: a fused multiply-add where one is wanted, and no permission to reorder. A lane's result
therefore has the same bits whatever the number of lanes and whoever the neighbours are.
"""
