"""The question `whatif`: what changes with other inputs."""
