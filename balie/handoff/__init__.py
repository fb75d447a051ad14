"""A person takes a conversation over, with everything in hand, and gives it back."""
