"""Backends: what turns a conversation into the next assistant turn."""
