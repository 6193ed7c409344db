"""Measurements of a running house; each prints one JSON line and keeps it in `var/bench/`."""
