"""What is sold and where: products, variants, prices, stores, opening hours and stock."""
