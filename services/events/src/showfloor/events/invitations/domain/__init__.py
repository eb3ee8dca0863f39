"""What an invitation is, and what is allowed."""
