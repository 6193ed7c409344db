"""What pages ask for; the rules of content stand in `submission` and `facts`, forms carry words."""
