"""What is remembered and allowed. Pure: no clock, no ids, no I/O."""
