"""Users, shops, accounts, creators, and who works on what."""
