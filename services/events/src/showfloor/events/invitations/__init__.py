"""Who is told of a LIVE event, and how: registrations, mails, the calendar file."""
