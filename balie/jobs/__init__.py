"""What runs beside the conversations, for as long as the service does."""
