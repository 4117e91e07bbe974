"""What rings: what is due, and that each of it rings once, while somebody watches."""
