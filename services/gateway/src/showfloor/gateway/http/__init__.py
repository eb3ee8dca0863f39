"""HTTP: server, routes, JSON and protobuf, problems, limits, idempotency, calls of the services."""
