"""SQLite as a house needs it: who waits for the write lock gets it soon after it is free."""
