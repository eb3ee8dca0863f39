"""Where the directory meets the others: what it tells them."""
