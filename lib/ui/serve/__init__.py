"""Our own routes, and whom the server serves."""
