"""The front door: sign-in, REST, SSE and the web console."""
