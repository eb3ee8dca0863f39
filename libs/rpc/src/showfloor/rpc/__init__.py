"""gRPC servers, channels, typed errors and shape checks."""
