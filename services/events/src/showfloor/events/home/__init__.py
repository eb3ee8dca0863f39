"""Where a host begins: what to do, what was earned, what to learn."""
