"""What happens next: deadlines derived from events, fired by commands."""
