"""The groups of the parameter panel: each turns its widgets into one value and back."""
