"""What other help desks kept, read."""
