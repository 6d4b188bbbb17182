"""POSTGRESQL. Every line of SQL in the product is in this folder, and nowhere else."""
