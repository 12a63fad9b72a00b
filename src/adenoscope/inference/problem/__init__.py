"""What a fitting problem is made of: records, scales, priors, formulas."""
