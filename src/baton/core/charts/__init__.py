"""Charts that the server draws: for readers without scripts, for print and for mail."""
