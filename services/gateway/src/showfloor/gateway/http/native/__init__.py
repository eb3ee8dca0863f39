"""Routes that the gateway answers itself: sign-in, and the directory."""
