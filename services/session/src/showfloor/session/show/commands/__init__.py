"""Commands that load what their rule needs to know."""
