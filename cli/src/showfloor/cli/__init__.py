"""The `showfloor` command."""
