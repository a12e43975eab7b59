"""Networks trained here, for what the text says of trained networks."""
