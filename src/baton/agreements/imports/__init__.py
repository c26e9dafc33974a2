"""What comes into the room from tables."""
