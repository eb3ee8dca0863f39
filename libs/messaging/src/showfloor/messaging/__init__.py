"""Relay, ordered subscriptions and ticks: everything that touches NATS."""
