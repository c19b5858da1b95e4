"""The question `prices`: what one more unit of each input would cost or save."""
