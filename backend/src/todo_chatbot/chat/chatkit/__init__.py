"""The ChatKit door: the same conversations and turns, spoken in ChatKit's protocol.

ChatKit's words live in this room alone: a *thread* is a conversation, an *item* one visible part of
a turn.
"""
