"""What the assistant can say: articles, replies and the shop's facts, loaded and rendered.

Knows nothing of conversations: who is asking, and in which language, is handed in.
"""
