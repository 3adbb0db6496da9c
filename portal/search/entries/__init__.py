"""What search keeps of every thing: the tables, and how they are kept true."""
