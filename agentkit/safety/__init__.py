"""What may run and who decides it: policy, the user's rules, provenance, shields."""
