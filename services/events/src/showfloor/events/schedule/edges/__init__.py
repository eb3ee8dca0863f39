"""The outside, translated: gRPC in, public events out, and what sessions do."""
