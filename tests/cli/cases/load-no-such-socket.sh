unslow load unix:/no/such.sock:/
