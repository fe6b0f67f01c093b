"""What a source in Python 2 has to say: what its conversion mends, and what it leaves to a person."""
