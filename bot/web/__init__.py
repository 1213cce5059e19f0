"""The bot over HTTP: the ASGI application, the guard before Bolt, and the health endpoints."""
