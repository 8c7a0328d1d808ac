"""The ledger's engine: reads features of receivables and orders as sums over spans of time, for any days at once."""
