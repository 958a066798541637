"""Placeholder until the assistant lands."""

from agents import Model


class OfflineModel(Model):
    """Echo."""

    async def get_response(self, *a, **k):
        raise NotImplementedError

    def stream_response(self, *a, **k):
        raise NotImplementedError
