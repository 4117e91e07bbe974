"""What files on disk have in common: locks, whole replacement, secrets and seals."""
