"""What is kept on disk: journal and sessions, and what their files have in common."""
