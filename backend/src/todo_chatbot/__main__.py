"""``python -m todo_chatbot`` is the ``todo-chatbot`` command."""

from todo_chatbot.cli import app

app()
