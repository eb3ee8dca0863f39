"""What a screen can ask: one file per question, each with its tables, how events change them, and its queries."""
