"""This copy of agentkit: how it is installed, what follows from its code, its faces."""
