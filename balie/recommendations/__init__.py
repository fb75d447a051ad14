"""What fits a customer, what goes with a product, what else there is: lists, serving, and what came of it."""
