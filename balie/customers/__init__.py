"""Who buys: people, addresses, channel identities, consents and the loyalty programme."""
