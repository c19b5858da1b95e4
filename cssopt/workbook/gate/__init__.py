"""What may come in: files, zip archives and XML within limits."""
