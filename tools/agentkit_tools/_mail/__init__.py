"""Rules that read messages without a model: what they say, ask, promise, arrange."""
