"""What programs ask of monitoring: measures and violations of a link, its own state, signals."""
