"""Baskets, and what makes them cheaper: discount codes and gift cards."""
