"""How well a language model does the assistant's work: ``make eval`` (specs/004)."""
