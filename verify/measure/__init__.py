"""``verify measure``: what the text says of trained weights, measured on the user's own."""
