"""Puts the rooms together: one module for each process, so that each loads only its own."""
