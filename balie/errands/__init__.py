"""What a customer wants done that is not a change of an order: an account, a subscription, a complaint."""
