"""Calls of a step: checked, approved, performed, and told."""
