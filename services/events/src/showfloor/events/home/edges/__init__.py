"""What hosts did as it comes in, and Home as it is asked for."""
