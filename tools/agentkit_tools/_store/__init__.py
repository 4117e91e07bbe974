"""Where the tools keep the user's data: plain files and two SQLite databases."""
