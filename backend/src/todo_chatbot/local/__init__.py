"""The whole system on one machine, started and ended by one command."""
