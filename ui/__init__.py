"""The window: everything that knows Qt. Computes nothing."""
