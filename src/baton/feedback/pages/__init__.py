"""What pages of the feedback show."""
