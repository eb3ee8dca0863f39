"""One function per command: load what the rule needs to know, let it decide, answer the outcome."""
