"""What a good start is, told by an account's past LIVEs."""
