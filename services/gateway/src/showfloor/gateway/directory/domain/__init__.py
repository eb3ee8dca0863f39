"""What the directory remembers and what it allows. Pure: no clock, no ids, no I/O."""
