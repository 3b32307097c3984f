"""What the main steps cost on the demonstration's exports. Prints; asserts nothing."""
