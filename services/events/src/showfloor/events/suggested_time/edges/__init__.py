"""The past of accounts as it comes in, and suggestions as they are asked for."""
