"""Jinja templates, one folder a prompt format."""
