"""What every coalition of members would spend by itself."""
