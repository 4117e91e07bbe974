"""What the tools answer, and how it is said in words."""
