"""The ladder of backends, as one run climbs it."""
