"""The checklist, LIVE tasks, guides and reminders, decided."""
