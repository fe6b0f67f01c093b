"""Text, sequences and images as Keras 0.1–1.2 prepared them, of which Keras 3 has no public copy."""
