"""The directory: users, shops, accounts, creators, partners, their bindings, and who works on what."""
