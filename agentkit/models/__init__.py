"""The models on this device: files and checkpoints, what they are, how fast they run."""
