"""The gateway: sign-in, REST, live streams and the web console."""
