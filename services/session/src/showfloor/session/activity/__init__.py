"""What viewers say, buy, give and follow in a LIVE."""
