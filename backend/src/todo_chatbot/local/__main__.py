"""``python -m todo_chatbot.local`` is the process that ``todo-chatbot up`` becomes."""

import sys

from todo_chatbot.local.up import up

sys.exit(up())
