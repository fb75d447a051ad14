"""What a customer told us that somebody has to look at: a number, a promise, and how it ended."""
