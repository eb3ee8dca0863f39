"""REST: routes, transcoding, problems, limits, idempotency, OpenAPI."""
