"""The outside, translated: gRPC in, public events out."""
