"""Generated protobuf and gRPC contracts of every Showfloor service."""
