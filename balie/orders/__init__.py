"""What was bought and what became of it: parcels, invoices, payments, returns and refunds."""
