"""What was counted: board, trends, lists, reports, suggestions."""
