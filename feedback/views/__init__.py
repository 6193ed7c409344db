"""The pages of a petition: the citizen's, the desk's, the board's."""
