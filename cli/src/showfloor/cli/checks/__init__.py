"""The checks of `showfloor doctor`."""
