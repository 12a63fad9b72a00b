"""A multivariate normal model with an unstructured covariance and missing visits, by restricted likelihood."""
