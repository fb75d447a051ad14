"""``balie db``, ``balie demo`` and ``balie import``."""
