"""Money that goes out and in through a payment provider: links to pay, double charges, refunds paid out."""
