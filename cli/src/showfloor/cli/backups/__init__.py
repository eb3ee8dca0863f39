"""What `showfloor backup` and `showfloor restore` share: the archive, its manifest, and a cluster out of service."""
